package io.proxyetc.internal.store;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteFile;
import io.proxyetc.RouteJson;
import io.proxyetc.internal.map.PersistentMap;
import io.proxyetc.spi.StoredRoute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file store begins with. The file is the truth as far as it can be read; what it cannot
 * tell (the good version of a route that was broken by hand, revisions after an edit) comes from
 * the copy of the last good routes that the store keeps beside it.
 */
final class FileOpening {
  private static final Logger LOG = LoggerFactory.getLogger(FileOpening.class);

  private final DiskFile file;
  private final FileWatch watch;
  private final SavedCopy copy;
  private final BrokenCopies broken;

  FileOpening(DiskFile file, FileWatch watch, SavedCopy copy, BrokenCopies broken) {
    this.file = file;
    this.watch = watch;
    this.copy = copy;
    this.broken = broken;
  }

  /**
   * The routes to begin with.
   *
   * @param order ids in the order of the file
   * @param invalid route id, or a name of the file, to what is wrong
   * @param copied whether the copy says the same
   */
  record Opened(Ledger ledger, List<String> order, Map<String, String> invalid, boolean copied) {}

  /**
   * Reads the file, or makes it.
   *
   * @param fileKey what the file is called among what is invalid
   */
  Opened open(String fileKey) {
    try {
      file.deleteLeftovers();
      Optional<DiskFile.Content> content = file.read();
      if (content.isEmpty()) {
        return missing();
      }
      return present(content.get(), fileKey);
    } catch (UnusableFile e) {
      return unusable(e, fileKey);
    } catch (IOException e) {
      throw new ProxyException(
          "file store " + file.path() + ": cannot be opened: " + Reasons.of(e), e);
    }
  }

  private Opened missing() throws IOException {
    Optional<Ledger> saved = copy.load();
    Ledger ledger = saved.orElse(Ledger.EMPTY);
    if (saved.isPresent()) {
      LOG.warn(
          "file store {}: the file is gone; made it anew with the {} routes of {} (to start with none, delete both)",
          file.path(),
          ledger.routes().size(),
          copy.path());
    }
    List<String> order = sorted(ledger);
    byte[] text = text(ledger, order);
    Optional<DiskFile.Stamp> written = file.replace(text, Optional.empty());
    if (written.isEmpty()) {
      throw new IOException("somebody else made the file at this moment; start again");
    }
    watch.knows(text, written);
    return new Opened(ledger, order, Map.of(), saved.isPresent());
  }

  private Opened present(DiskFile.Content content, String fileKey) {
    try {
      RouteFile read = watch.parse(content.bytes());
      watch.knows(content.bytes(), Optional.of(content.stamp()));
      return readable(read);
    } catch (InvalidRouteException e) {
      return unreadable(content, e.getMessage(), fileKey);
    }
  }

  private Opened unusable(UnusableFile fault, String fileKey) {
    Optional<Ledger> saved = copy.load();
    if (saved.isEmpty()) {
      throw new ProxyException(
          "file store " + file.path() + ": cannot be opened: " + Reasons.of(fault), fault);
    }
    watch.startsUnusable(fault);
    return lastGood(saved.get(), "the file " + fault.getReason(), "", fileKey);
  }

  private Opened unreadable(DiskFile.Content content, String message, String fileKey) {
    Optional<Ledger> saved = copy.load();
    if (saved.isEmpty()) {
      if (isBlank(content.bytes())) { // made by touch, or by a container's start
        watch.knows(content.bytes(), Optional.of(content.stamp()));
        return new Opened(Ledger.EMPTY, List.of(), Map.of(), false);
      }
      throw new ProxyException(
          "file store "
              + file.path()
              + ": "
              + message
              + "; mend the file, or move it away to start with no routes");
    }
    watch.startsBroken(content, message);
    return lastGood(saved.get(), message, aside(content.bytes()), fileKey);
  }

  private Opened lastGood(Ledger ledger, String message, String aside, String fileKey) {
    LOG.error(
        "file store {}: {}; serving the routes of {} until the file is mended{}",
        file.path(),
        message,
        copy.path(),
        aside);
    return new Opened(ledger, sorted(ledger), Map.of(fileKey, message), true);
  }

  private static boolean isBlank(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1).isBlank();
  }

  private String aside(byte[] text) {
    try {
      Path kept = broken.keep(text);
      return " (a copy of the broken text is " + kept + ")";
    } catch (IOException e) {
      return " (the broken text could not be copied: " + Reasons.of(e) + ")";
    }
  }

  private Opened readable(RouteFile read) {
    long saved = copy.revision().orElse(0);
    if (read.untouched() && read.faults().isEmpty() && saved <= read.revision()) {
      List<String> order = read.routes().stream().map(Route::id).toList();
      return new Opened(SavedCopy.ledger(read), order, Map.of(), saved == read.revision());
    }
    Ledger before = copy.load().orElseGet(() -> new Ledger(read.revision(), PersistentMap.empty()));
    HandEdit edit = HandEdit.of(before, Map.of(), read);
    edit.invalid().forEach((id, fault) -> LOG.warn("file store {}: {}", file.path(), fault));
    return new Opened(
        edit.after(),
        edit.order(),
        new TreeMap<>(edit.invalid()),
        edit.after().revision() == before.revision());
  }

  static List<String> sorted(Ledger ledger) {
    return ledger.routes().keySet().stream().sorted().toList();
  }

  /** The text of a file with these routes. */
  static byte[] text(Ledger ledger, Collection<String> order) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RouteJson.writeFile(out, ledger.revision(), inOrder(ledger, order));
    return out.toByteArray();
  }

  static List<StoredRoute> inOrder(Ledger ledger, Collection<String> order) {
    List<StoredRoute> routes = new ArrayList<>(order.size());
    for (String id : order) {
      @Nullable StoredRoute stored = ledger.routes().get(id);
      if (stored != null) {
        routes.add(stored);
      }
    }
    return routes;
  }
}
