package io.proxyetc.internal.store;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.RouteFile;
import io.proxyetc.RouteJson;
import io.proxyetc.internal.map.PersistentMap;
import io.proxyetc.spi.StoredRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last good routes in a file of their own. Only this class writes it. Blocks; one thread. */
final class SavedCopy {
  private static final Logger LOG = LoggerFactory.getLogger(SavedCopy.class);
  private static final Pattern REVISION = Pattern.compile("\\{\\s*\"revision\":\\s*([0-9]{1,18})");

  /** Within so many bytes the revision stands. */
  private static final int START = 64;

  private final DiskFile file;

  SavedCopy(Path file, FileBound bound) {
    this.file = new DiskFile(file, bound.forCopies());
  }

  Path path() {
    return file.path();
  }

  /** Saves the routes in the order given; false, with a line in the log, if that failed. */
  boolean save(long revision, Collection<StoredRoute> routes) {
    try {
      file.replace(out -> RouteJson.writeFile(out, revision, routes));
      return true;
    } catch (IOException e) {
      LOG.warn("the last good routes could not be saved: {}", Reasons.of(e));
      return false;
    }
  }

  /** The revision that was saved, without reading the routes. */
  OptionalLong revision() {
    try {
      String start = new String(file.start(START), StandardCharsets.ISO_8859_1);
      Matcher matcher = REVISION.matcher(start);
      if (matcher.lookingAt()) {
        return OptionalLong.of(Long.parseLong(matcher.group(1)));
      }
    } catch (IOException e) {
      LOG.warn("the last good routes cannot be read: {}", Reasons.of(e));
    }
    return OptionalLong.empty();
  }

  /** What was saved; empty, with a line in the log, if it cannot be read. */
  Optional<Ledger> load() {
    try {
      Optional<DiskFile.Content> content = file.read();
      if (content.isEmpty()) {
        return Optional.empty();
      }
      RouteFile saved = RouteJson.parseFile(Texts.decode(content.get().bytes()));
      saved.faults().forEach(fault -> LOG.warn("{}: skipped: {}", file.path(), fault));
      return Optional.of(ledger(saved));
    } catch (IOException e) {
      LOG.warn("the last good routes cannot be read: {}", Reasons.of(e));
    } catch (InvalidRouteException e) {
      LOG.warn("the last good routes cannot be read from {}: {}", file.path(), e.getMessage());
    }
    return Optional.empty();
  }

  /** The routes of a file with the revisions that it gives. */
  static Ledger ledger(RouteFile file) {
    PersistentMap<String, StoredRoute> routes = PersistentMap.empty();
    long highest = Math.max(file.revision(), file.routes().isEmpty() ? 0 : 1);
    for (var route : file.routes()) {
      long revision = Math.max(1, file.revisions().getOrDefault(route.id(), highest));
      routes = routes.with(route.id(), new StoredRoute(route, revision));
      highest = Math.max(highest, revision);
    }
    return new Ledger(highest, routes);
  }
}
