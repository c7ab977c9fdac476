package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes in one JSON file, changed by this store and by hand. One thread does all: it writes the
 * changes that wait as one new file (temporary file, fsync, rename, fsync of the directory), and
 * looks twice a second whether somebody else changed it.
 *
 * <p>Beside {@code routes.json} stand {@code routes.json.lock} (see {@link StoreLock}), {@code
 * routes.json.last-good} (written when the store is quiet, closes, or takes an edit by hand; needed
 * when the file itself is broken while nobody runs) and {@code routes.json.broken-1} and so on (see
 * {@link BrokenCopies}). An edit by hand is never written back: editors do not like it. Its
 * revision is kept in the last good copy alone.
 */
public final class FileRouteStore implements RouteStore {
  private static final Logger LOG = LoggerFactory.getLogger(FileRouteStore.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final Duration UNREST = Duration.ofSeconds(8);

  private final Path path;
  private final String name;
  private final ChangeQueue queue;
  private final StoreThread thread = new StoreThread("proxyetc-store-file");

  /** Set by start() before the thread begins. */
  private Optional<Work> work = Optional.empty();

  public FileRouteStore(Path path) {
    this.path = path.toAbsolutePath().normalize();
    name = "file store " + this.path;
    queue = new ChangeQueue(name);
  }

  @Override
  public synchronized void start(StoreListener listener) {
    if (work.isPresent()) {
      throw new ProxyException(name + ": a store is started once; make another one");
    }
    Work opened = new Work(new Delivery(listener));
    work = Optional.of(opened);
    queue.open();
    thread.start(opened::run);
  }

  @Override
  public CompletionStage<Long> apply(RouteChange change) {
    return queue.add(change);
  }

  @Override
  public String describe() {
    return "file " + path.getFileName();
  }

  @Override
  public void close() {
    queue.close();
    thread.join();
  }

  /** What the store's thread owns. */
  private final class Work {
    private final Delivery delivery;
    private final DiskFile file;
    private final FileWatch watch;
    private final SavedCopy copy;
    private final BrokenCopies broken;
    private final Optional<StoreLock> lock;

    private Ledger ledger;
    private Collection<String> order;
    private Map<String, String> invalid;

    /** Whether the copy holds what the ledger holds, and since when it does not. */
    private boolean copied;

    private long changedAt = System.nanoTime();
    private long polledAt = System.nanoTime();
    private String lastTrouble = "";

    Work(Delivery delivery) {
      this.delivery = delivery;
      file = new DiskFile(path);
      Path real = realPath();
      watch = new FileWatch(file, System::nanoTime);
      copy = new SavedCopy(real.resolveSibling(real.getFileName() + ".last-good"));
      broken = new BrokenCopies(real);
      lock = StoreLock.take(real);
      try {
        FileOpening.Opened opened = new FileOpening(file, watch, copy, broken).open(describe());
        ledger = opened.ledger();
        order = opened.order();
        invalid = opened.invalid();
        copied = opened.copied();
      } catch (RuntimeException e) {
        lock.ifPresent(StoreLock::close);
        throw e;
      }
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
        if (!copied && !ledger.equals(Ledger.EMPTY)) {
          saveCopy();
        }
        deliver(Set.of());
        while (queue.isOpen()) {
          turn();
        }
      } finally {
        queue.close();
        if (!copied) {
          saveCopy();
        }
        lock.ifPresent(StoreLock::close);
      }
    }

    private void turn() {
      List<PendingChange> changes = queue.take(untilPoll());
      try {
        if (!changes.isEmpty()) {
          commit(changes);
        }
        if (untilPoll().isZero()) {
          polledAt = System.nanoTime();
          look();
          if (!copied && since(changedAt).compareTo(QUIET) > 0) {
            saveCopy();
          }
        }
        lastTrouble = "";
      } catch (IOException e) {
        trouble(Reasons.of(e));
      } catch (RuntimeException e) {
        LOG.error("{}: unexpected", name, e);
      }
    }

    private Duration untilPoll() {
      Duration left = POLL.minus(since(polledAt));
      return left.isNegative() ? Duration.ZERO : left;
    }

    /** Says once what keeps us from reading the file. */
    private void trouble(String reason) {
      if (!reason.equals(lastTrouble)) {
        lastTrouble = reason;
        LOG.warn("{}: {}; the last good routes stay live", name, reason);
      }
    }

    /** Takes over what somebody else wrote. */
    private void look() throws IOException {
      switch (watch.look()) {
        case EDITED -> edited();
        case BROKEN -> invalid(watch.problem().map(FileWatch.Problem::message).orElse(""));
        case HEALED -> healed();
        default -> {}
      }
    }

    private void edited() {
      HandEdit edit = HandEdit.of(ledger, invalid, watch.edited());
      order = edit.order();
      invalid = edit.invalid();
      if (edit.after().revision() == ledger.revision()) {
        return;
      }
      ledger = edit.after();
      LOG.info(
          "{}: edited by hand, {} routes changed: now revision {}",
          name,
          edit.changed().size(),
          ledger.revision());
      edit.invalid().forEach((id, fault) -> LOG.warn("{}: {}", name, fault));
      saveCopy();
      deliver(edit.changed());
    }

    /** The file as a whole cannot be read: what is live stays live. */
    private void invalid(String message) {
      LOG.error("{}: {}; the last good routes stay live", name, message);
      newInvalid(Map.of(describe(), message));
    }

    private void healed() {
      LOG.info("{}: the file is again as it was", name);
      newInvalid(Map.of());
    }

    private void newInvalid(Map<String, String> now) {
      Set<String> changed = HandEdit.differences(now, invalid);
      invalid = now;
      ledger = new Ledger(ledger.revision() + 1, ledger.routes());
      saveCopy();
      deliver(changed);
    }

    private void commit(List<PendingChange> changes) {
      try {
        long start = System.nanoTime();
        while (!tryCommit(changes)) {
          if (since(start).compareTo(UNREST) > 0) {
            throw new IOException("somebody else changes the file all the time");
          }
        }
      } catch (IOException e) {
        String reason =
            name
                + ": the change was not made: "
                + Reasons.of(e)
                + "; remove the cause and try again";
        LOG.warn(reason);
        fail(changes, new ProxyException(reason, e));
      } catch (RuntimeException e) {
        LOG.error("{}: the change was not made", name, e);
        fail(changes, new ProxyException(name + ": the change was not made: " + e, e));
      }
    }

    private void fail(List<PendingChange> changes, ProxyException fault) {
      changes.forEach(pending -> pending.done().completeExceptionally(fault));
    }

    /** False if somebody changed the file, or is about to: then all is to be looked at again. */
    private boolean tryCommit(List<PendingChange> changes) throws IOException {
      look();
      if (watch.problem().isPresent() && !watch.problem().get().settled()) {
        LockSupport.parkNanos(20_000_000); // it may be half saved
        return false;
      }
      Batch batch = new Batch(ledger, changes);
      if (batch.after().revision() != ledger.revision()) {
        keepWhatIsLost();
        Collection<String> newOrder = orderAfter(batch);
        byte[] text = FileOpening.text(batch.after(), newOrder);
        Optional<DiskFile.Stamp> written = file.replace(text, watch.stamp());
        if (written.isEmpty()) {
          return false;
        }
        watch.knows(text, written);
        took(batch, newOrder);
      }
      batch.settle();
      return true;
    }

    private void took(Batch batch, Collection<String> newOrder) {
      Set<String> changed = new HashSet<>(batch.changed());
      changed.addAll(invalid.keySet());
      ledger = batch.after();
      order = newOrder;
      invalid = Map.of();
      copied = false;
      changedAt = System.nanoTime();
      deliver(changed);
    }

    /** Our file will not hold what we could not read: puts that aside. */
    private void keepWhatIsLost() throws IOException {
      if (invalid.isEmpty() && watch.problem().isEmpty()) {
        return;
      }
      Optional<DiskFile.Content> content = file.read();
      if (content.isPresent()) {
        Path kept = broken.keep(content.get().bytes());
        LOG.warn("{}: what could not be read there is now in {}", name, kept);
      }
    }

    private Collection<String> orderAfter(Batch batch) {
      Set<String> ids = new LinkedHashSet<>(order);
      ids.addAll(batch.changed());
      ids.removeIf(id -> !batch.after().routes().containsKey(id));
      return ids;
    }

    private void saveCopy() {
      copied =
          true; // also if it failed: it is tried again after the next change, not twice a second
      copy.save(ledger.revision(), FileOpening.inOrder(ledger, order));
    }

    private void deliver(Set<String> changed) {
      delivery.snapshot(
          new RouteSnapshot(ledger.revision(), ledger.routes(), changed, invalid, false));
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
