package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the file store's one thread does, in turns: write the changes that wait ({@link
 * FileCommits}), look whether somebody else changed the file ({@link FileEdits}), keep the copy of
 * the last good routes ({@link TimedCopy}).
 */
final class FileStoreWork {
  private static final Logger LOG = LoggerFactory.getLogger(FileStoreWork.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final String name;
  private final ChangeQueue queue;
  private final DiskFile file;
  private final FileHolding holding;
  private final FileEdits edits;
  private final FileCommits commits;
  private final Optional<StoreLock> lock;

  private long polledAt = System.nanoTime();
  private String lastTrouble = "";

  /**
   * Opens the file.
   *
   * @throws ProxyException if that cannot be done, or if another store has it
   */
  FileStoreWork(Path path, FileBound bound, ChangeQueue queue, Delivery delivery) {
    this.queue = queue;
    name = "file store " + path;
    file = new DiskFile(path, bound);
    Path real = realPath();
    FileWatch watch = new FileWatch(file, bound, System::nanoTime);
    SavedCopy copy = new SavedCopy(real.resolveSibling(real.getFileName() + ".last-good"), bound);
    BrokenCopies broken = new BrokenCopies(real, bound);
    lock = StoreLock.take(real);
    try {
      FileOpening.Opened opened = new FileOpening(file, watch, copy, broken).open(fileKey(path));
      TimedCopy timed = new TimedCopy(copy, !opened.copied());
      holding = new FileHolding(name, fileKey(path), opened, timed, delivery);
    } catch (RuntimeException e) {
      lock.ifPresent(StoreLock::close);
      throw e;
    }
    edits = new FileEdits(name, watch, holding);
    commits = new FileCommits(name, file, bound, watch, edits, broken, holding);
  }

  /** What the file is called among what is invalid: no route can have this id. */
  static String fileKey(Path path) {
    return "file " + path.getFileName();
  }

  private Path realPath() {
    try {
      return file.real();
    } catch (IOException e) {
      throw new ProxyException(name + ": cannot be opened: " + Reasons.of(e), e);
    }
  }

  void run() {
    try {
      holding.begin();
      while (queue.isOpen()) {
        turnOrLog();
      }
    } finally {
      queue.close();
      holding.saveIfOutdated();
      lock.ifPresent(StoreLock::close);
    }
  }

  private void turnOrLog() {
    try {
      turn();
    } catch (RuntimeException | Error e) { // to tell of a fault failed, too
      LOG.error("{}: {}", name, lastTrouble, e);
    }
  }

  private void turn() {
    List<PendingChange> changes = queue.take(untilPoll());
    try {
      if (!changes.isEmpty()) {
        commits.commit(changes);
      }
      if (untilPoll().isZero()) {
        polledAt = System.nanoTime();
        edits.look();
        holding.saveInTime();
      }
      troubleIsOver();
    } catch (IOException e) {
      trouble(Reasons.of(e), e);
    } catch (RuntimeException | Error e) { // whatever it was, later edits are to be seen
      trouble("something failed that should not: please report it: " + e, e);
    }
  }

  private Duration untilPoll() {
    Duration left = POLL.minusNanos(System.nanoTime() - polledAt);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Says once what keeps us from reading the file. */
  private void trouble(String reason, Throwable fault) {
    if (reason.equals(lastTrouble)) {
      return;
    }
    lastTrouble = reason;
    if (fault instanceof IOException) {
      LOG.warn("{}: {}; the last good routes stay live", name, reason);
    } else {
      LOG.error("{}: {}; the last good routes stay live", name, reason, fault);
    }
    holding.fileFaulty(reason);
  }

  private void troubleIsOver() {
    if (!lastTrouble.isEmpty()) {
      lastTrouble = "";
      LOG.info("{}: the file can be read again", name);
      edits.tellAgain();
    }
  }
}
