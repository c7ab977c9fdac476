package io.proxyetc.internal.tls;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.TargetTls;
import io.proxyetc.TlsFileException;
import io.proxyetc.spi.HealthEvent;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * TLS to targets. Each {@link TargetTls} has one set of engines as long as somebody holds it, so
 * that its sessions are resumed, and are never shared with a TargetTls that verifies less.
 *
 * <p>Trust files are watched on disk: one that changed is what new connections go by, and one that
 * cannot be used never displaces the last good one, and is said so once. Connections that are open
 * go on. One instance per proxy; safe for any thread.
 */
public final class ClientTls implements AutoCloseable {
  private final Map<TargetTls, WeakReference<TargetEngines>> made = new HashMap<>();
  private final Map<Path, WeakReference<WatchedFiles<List<X509Certificate>>>> files =
      new HashMap<>();
  private final FileNews news;
  private @Nullable FileWatch watch; // since there was a file
  private boolean closed;

  /**
   * Starts nothing yet.
   *
   * @param events hears of trust files that changed; must not block for long
   */
  public ClientTls(Consumer<HealthEvent> events) {
    this.news = new FileNews(events, Clock.systemUTC());
  }

  /**
   * The engines for a TargetTls: to be kept with the target. Blocks for the disk where there is a
   * trust file: not on an IO thread.
   *
   * @throws TlsFileException that names the trust file, the fault and the remedy; never where the
   *     file was good before
   */
  public synchronized TargetEngines engines(TargetTls tls) {
    WatchedFiles<List<X509Certificate>> file = tls.trust().map(this::file).orElse(null);
    TargetEngines known = get(made, tls);
    if (known == null) {
      known = new TargetEngines(tls, file);
      made.put(tls, new WeakReference<>(known));
    }
    return known;
  }

  /**
   * Refuses a route of which a trust file cannot be used, before it is stored: of the groups that
   * are active, since those of others are not needed yet. Blocks for the disk.
   *
   * @throws InvalidRouteException with the path of the file in the route's document
   */
  public void check(Route route) {
    route
        .active()
        .weights()
        .forEach(
            (name, weight) -> {
              TargetGroup group = route.groups().get(name);
              if (weight > 0
                  && group != null
                  && group.tls().trust().isPresent()
                  && group.targets().stream().anyMatch(Target::secure)) {
                check(route, group);
              }
            });
  }

  private void check(Route route, TargetGroup group) {
    try {
      engines(group.tls());
    } catch (TlsFileException e) {
      String path = "route " + route.id() + ": groups." + group.name() + ".tls.trust";
      throw new InvalidRouteException(path, e.getMessage());
    }
  }

  private WatchedFiles<List<X509Certificate>> file(Path path) {
    WatchedFiles<List<X509Certificate>> known = get(files, path);
    if (known != null) {
      look(known); // whoever changed the file and puts a route does not have to wait
      return known;
    }
    WatchedFiles<List<X509Certificate>> file = Trust.file(path);
    files.put(path, new WeakReference<>(file));
    if (watch == null && !closed) {
      watch = new FileWatch(this::look);
    }
    return file;
  }

  private synchronized void look() {
    made.values().removeIf(reference -> reference.get() == null);
    files.values().removeIf(reference -> reference.get() == null);
    files.values().stream().map(Reference::get).filter(Objects::nonNull).forEach(this::look);
  }

  private void look(WatchedFiles<List<X509Certificate>> file) {
    if (file.poll(fault -> news.refused(file.name(), fault))) {
      made.values().stream()
          .map(Reference::get)
          .filter(engines -> engines != null && engines.trusts(file))
          .forEach(TargetEngines::renew);
      news.reloaded(file.name(), "those who sign targets: " + file.value().size());
    }
  }

  private static <K, V> @Nullable V get(Map<K, WeakReference<V>> map, K key) {
    WeakReference<V> reference = map.get(key);
    return reference == null ? null : reference.get();
  }

  /** Ends the watching. Idempotent. */
  @Override
  public synchronized void close() {
    closed = true;
    if (watch != null) {
      watch.close();
    }
  }
}
