package io.proxyetc.internal.store;

import io.proxyetc.RouteFile;
import io.proxyetc.spi.RouteSnapshot;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the file store holds, and what it told of it: each step is kept as it has to be and
 * delivered. Of the store's thread.
 */
final class FileHolding {
  private static final Logger LOG = LoggerFactory.getLogger(FileHolding.class);

  private final String name;
  private final String fileKey;
  private final TimedCopy copy;
  private final Delivery delivery;

  private Ledger ledger;
  private Collection<String> order;

  /** What is wrong with single routes of the text that the ledger stands for. */
  private Map<String, String> faults;

  /** What was told to be wrong: these faults, or the file as a whole. */
  private Map<String, String> invalid;

  /**
   * @param name of the store, for the log
   * @param fileKey what the file is called among what is invalid
   */
  FileHolding(
      String name, String fileKey, FileOpening.Opened opened, TimedCopy copy, Delivery delivery) {
    this.name = name;
    this.fileKey = fileKey;
    this.copy = copy;
    this.delivery = delivery;
    ledger = opened.ledger();
    order = opened.order();
    faults = opened.invalid();
    invalid = opened.invalid();
  }

  Ledger ledger() {
    return ledger;
  }

  /** Whether something was told to be wrong. */
  boolean isFaulty() {
    return !invalid.isEmpty();
  }

  /** The first snapshot. */
  void begin() {
    if (copy.isOutdated() && !ledger.equals(Ledger.EMPTY)) {
      save();
    }
    deliver(Set.of());
  }

  /** Somebody wrote this. */
  void edited(RouteFile text) {
    HandEdit edit = HandEdit.of(ledger, invalid, text);
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
    save();
    deliver(edit.changed());
  }

  private String routes(Set<String> changed) {
    int count = changed.size() - (changed.contains(fileKey) ? 1 : 0);
    return count == 1 ? "1 route" : count + " routes";
  }

  /** The order in which the file holds what is there after a batch. */
  Collection<String> orderAfter(Batch batch) {
    Set<String> ids = new LinkedHashSet<>(order);
    ids.addAll(batch.changed());
    ids.removeIf(id -> !batch.after().routes().containsKey(id));
    return ids;
  }

  /** The file was written with this batch, in this order. */
  void wrote(Batch batch, Collection<String> newOrder) {
    Set<String> changed = new HashSet<>(batch.changed());
    changed.addAll(invalid.keySet());
    ledger = batch.after();
    order = newOrder;
    faults = Map.of();
    invalid = Map.of();
    copy.outdate();
    deliver(changed);
  }

  /** The file as a whole is wrong; the last good routes stay. */
  void fileFaulty(String reason) {
    newInvalid(Map.of(fileKey, reason));
  }

  /** The file as a whole is right again; single routes of it may be wrong, as they were. */
  void fileHealed() {
    newInvalid(faults);
  }

  private void newInvalid(Map<String, String> now) {
    Set<String> changed = HandEdit.differences(now, invalid);
    if (changed.isEmpty()) {
      return;
    }
    invalid = now;
    ledger = new Ledger(ledger.revision() + 1, ledger.routes());
    save();
    deliver(changed);
  }

  /** Writes the copy if it is time. */
  void saveInTime() {
    copy.saveInTime(ledger, order);
  }

  /** Writes the copy now, if it lacks anything. */
  void saveIfOutdated() {
    if (copy.isOutdated()) {
      save();
    }
  }

  private void save() {
    copy.save(ledger, order);
  }

  private void deliver(Set<String> changed) {
    delivery.snapshot(
        new RouteSnapshot(ledger.revision(), ledger.routes(), changed, invalid, false));
  }
}
