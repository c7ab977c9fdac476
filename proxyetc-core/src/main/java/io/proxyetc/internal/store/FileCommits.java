package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes into the store's file, all that wait as one new file. Of the store's thread.
 *
 * <pre>{@code
 * look --> batch --> what would be lost is put aside --> the file is replaced --> live --> told
 *  ^                                                        |
 *  +----------- somebody was faster, or is about to ---------+
 * }</pre>
 */
final class FileCommits {
  private static final Logger LOG = LoggerFactory.getLogger(FileCommits.class);

  /** How long a change waits for somebody who edits the file. */
  private static final Duration UNREST = Duration.ofSeconds(8);

  private static final Duration HALF_SAVED = Duration.ofMillis(20);

  private final String name;
  private final DiskFile file;
  private final FileBound bound;
  private final FileWatch watch;
  private final FileEdits edits;
  private final BrokenCopies broken;
  private final FileHolding holding;

  /**
   * @param name of the store, for the log
   */
  FileCommits(
      String name,
      DiskFile file,
      FileBound bound,
      FileWatch watch,
      FileEdits edits,
      BrokenCopies broken,
      FileHolding holding) {
    this.name = name;
    this.file = file;
    this.bound = bound;
    this.watch = watch;
    this.edits = edits;
    this.broken = broken;
    this.holding = holding;
  }

  /** Makes the changes, or fails them. */
  void commit(List<PendingChange> changes) {
    try {
      long start = System.nanoTime();
      while (!tryCommit(changes)) {
        if (System.nanoTime() - start > UNREST.toNanos()) {
          throw new IOException("somebody else changes the file all the time");
        }
      }
    } catch (IOException e) {
      String reason =
          name + ": the change was not made: " + Reasons.of(e) + "; remove the cause and try again";
      LOG.warn(reason);
      fail(changes, new ProxyException(reason, e));
    } catch (RuntimeException | Error e) { // or who waits for the change would wait for ever
      LOG.error("{}: the change was not made", name, e);
      fail(changes, new ProxyException(name + ": the change was not made: " + e, e));
    }
  }

  private static void fail(List<PendingChange> changes, ProxyException fault) {
    changes.forEach(pending -> pending.done().completeExceptionally(fault));
  }

  /** False if somebody changed the file, or is about to: then all is to be looked at again. */
  private boolean tryCommit(List<PendingChange> changes) throws IOException {
    edits.look();
    if (edits.unsettled()) {
      LockSupport.parkNanos(HALF_SAVED.toNanos());
      return false;
    }
    Batch batch = new Batch(holding.ledger(), changes);
    if (batch.after().revision() != holding.ledger().revision() && !write(batch)) {
      return false;
    }
    batch.settle();
    return true;
  }

  private boolean write(Batch batch) throws IOException {
    keepWhatIsLost();
    Collection<String> order = holding.orderAfter(batch);
    byte[] text = FileOpening.text(batch.after(), order);
    Optional<String> excess = bound.excess(text);
    if (excess.isPresent()) { // it could not be read again at the next start
      throw new UnusableFile(file.path(), excess.get());
    }
    Optional<DiskFile.Stamp> written = file.replace(text, watch.stamp());
    if (written.isEmpty()) {
      return false;
    }
    watch.knows(text, written);
    holding.wrote(batch, order);
    return true;
  }

  /** Our file will not hold what we could not read: puts that aside. */
  private void keepWhatIsLost() throws IOException {
    if (!holding.isFaulty() && !edits.unreadable()) {
      return;
    }
    Optional<DiskFile.Content> content = file.read();
    if (content.isPresent()) {
      Path kept = broken.keep(content.get().bytes());
      LOG.warn("{}: what could not be read there is now in {}", name, kept);
    }
  }
}
