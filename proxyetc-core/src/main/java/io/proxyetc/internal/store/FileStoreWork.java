package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.RouteSnapshot;
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
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the file store's one thread does, in turns: write the changes that wait, look whether
 * somebody else changed the file, keep the copy of the last good routes.
 */
final class FileStoreWork {
  private static final Logger LOG = LoggerFactory.getLogger(FileStoreWork.class);
  private static final Duration POLL = Duration.ofMillis(500);

  /** The copy is written when nothing has changed for so long … */
  private static final Duration QUIET = Duration.ofSeconds(1);

  /** … or when it has been outdated for so long. */
  private static final Duration LATEST = Duration.ofSeconds(10);

  /** How long a change waits for somebody who edits the file. */
  private static final Duration UNREST = Duration.ofSeconds(8);

  private final String name;
  private final String fileKey;
  private final FileBound bound;
  private final ChangeQueue queue;
  private final Delivery delivery;
  private final DiskFile file;
  private final FileWatch watch;
  private final SavedCopy copy;
  private final BrokenCopies broken;
  private final Optional<StoreLock> lock;

  private Ledger ledger;
  private Collection<String> order;

  /** What is wrong with single routes of the text that the ledger stands for. */
  private Map<String, String> faults;

  /** What was told to be wrong: these faults, or the file as a whole. */
  private Map<String, String> invalid;

  /** Whether the copy holds what the ledger holds. */
  private boolean copied;

  private long changedAt = System.nanoTime();
  private long copiedAt = System.nanoTime();
  private long polledAt = System.nanoTime();
  private String lastTrouble = "";

  /**
   * Opens the file.
   *
   * @throws ProxyException if that cannot be done, or if another store has it
   */
  FileStoreWork(Path path, FileBound bound, ChangeQueue queue, Delivery delivery) {
    this.bound = bound;
    this.queue = queue;
    this.delivery = delivery;
    name = "file store " + path;
    fileKey = fileKey(path);
    file = new DiskFile(path, bound);
    Path real = realPath();
    watch = new FileWatch(file, bound, System::nanoTime);
    copy = new SavedCopy(real.resolveSibling(real.getFileName() + ".last-good"), bound);
    broken = new BrokenCopies(real, bound);
    lock = StoreLock.take(real);
    try {
      FileOpening.Opened opened = new FileOpening(file, watch, copy, broken).open(fileKey);
      ledger = opened.ledger();
      order = opened.order();
      faults = opened.invalid();
      invalid = opened.invalid();
      copied = opened.copied();
    } catch (RuntimeException e) {
      lock.ifPresent(StoreLock::close);
      throw e;
    }
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
      if (!copied && !ledger.equals(Ledger.EMPTY)) {
        saveCopy();
      }
      deliver(Set.of());
      while (queue.isOpen()) {
        turnOrLog();
      }
    } finally {
      queue.close();
      if (!copied) {
        saveCopy();
      }
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
        commit(changes);
      }
      if (untilPoll().isZero()) {
        polledAt = System.nanoTime();
        look();
        saveCopyInTime();
      }
      troubleIsOver();
    } catch (IOException e) {
      trouble(Reasons.of(e), e);
    } catch (RuntimeException | Error e) { // whatever it was, later edits are to be seen
      trouble("something failed that should not: please report it: " + e, e);
    }
  }

  private Duration untilPoll() {
    Duration left = POLL.minus(since(polledAt));
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
    newInvalid(Map.of(fileKey, reason));
  }

  private void troubleIsOver() {
    if (!lastTrouble.isEmpty()) {
      lastTrouble = "";
      LOG.info("{}: the file can be read again", name);
      newInvalid(
          watch
              .problem()
              .filter(FileWatch.Problem::settled)
              .map(problem -> Map.of(fileKey, problem.message()))
              .orElse(faults));
    }
  }

  /** Takes over what somebody else wrote. */
  private void look() throws IOException {
    FileWatch.Finding finding = watch.look();
    if (watch.problem().isPresent() && !copied) {
      saveCopy(); // the file may no longer hold what was acknowledged
    }
    switch (finding) {
      case EDITED -> edited();
      case BROKEN -> invalid(watch.problem().map(FileWatch.Problem::message).orElse(""));
      case HEALED -> healed();
      default -> {}
    }
  }

  private void edited() {
    HandEdit edit = HandEdit.of(ledger, invalid, watch.edited());
    order = edit.order();
    faults = edit.invalid();
    invalid = edit.invalid();
    if (edit.after().revision() == ledger.revision()) {
      return;
    }
    ledger = edit.after();
    LOG.info(
        "{}: edited by hand, changed: {}: now revision {}",
        name,
        routes(edit.changed()),
        ledger.revision());
    edit.invalid().forEach((id, fault) -> LOG.warn("{}: {}", name, fault));
    saveCopy();
    deliver(edit.changed());
  }

  private String routes(Set<String> changed) {
    int count = changed.size() - (changed.contains(fileKey) ? 1 : 0);
    return count == 1 ? "1 route" : count + " routes";
  }

  /** The file as a whole cannot be read: what is live stays live. */
  private void invalid(String message) {
    LOG.error("{}: {}; the last good routes stay live", name, message);
    newInvalid(Map.of(fileKey, message));
  }

  private void healed() {
    LOG.info("{}: the file is again as it was", name);
    newInvalid(faults);
  }

  private void newInvalid(Map<String, String> now) {
    Set<String> changed = HandEdit.differences(now, invalid);
    if (changed.isEmpty()) {
      return;
    }
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
          name + ": the change was not made: " + Reasons.of(e) + "; remove the cause and try again";
      LOG.warn(reason);
      fail(changes, new ProxyException(reason, e));
    } catch (RuntimeException | Error e) { // or who waits for the change would wait for ever
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
      Optional<String> excess = bound.excess(text);
      if (excess.isPresent()) { // it could not be read again at the next start
        throw new UnusableFile(file.path(), excess.get());
      }
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
    faults = Map.of();
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

  private void saveCopyInTime() {
    boolean quiet = since(changedAt).compareTo(QUIET) > 0;
    if (!copied && (quiet || since(copiedAt).compareTo(LATEST) > 0)) {
      saveCopy();
    }
  }

  /** A copy that fails is tried again after the next change, and not twice a second. */
  private void saveCopy() {
    copied = true;
    copiedAt = System.nanoTime();
    copy.save(ledger.revision(), FileOpening.inOrder(ledger, order));
  }

  private void deliver(Set<String> changed) {
    delivery.snapshot(
        new RouteSnapshot(ledger.revision(), ledger.routes(), changed, invalid, false));
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
