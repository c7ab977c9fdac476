package io.proxyetc.internal.assembly;

import io.proxyetc.spi.StoredRoute;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which routes have changed that are under a switch, or were: from the store's thread, which goes
 * on at once, to that of the switches. Those of one revision come together.
 */
final class SwitchNews {
  /**
   * What has changed since the last time.
   *
   * @param atStart those among them that the proxy has started with
   */
  record Batch(Set<String> routes, Set<String> atStart) {}

  private final Function<String, @Nullable StoredRoute> live;
  private final Set<String> tracked = ConcurrentHashMap.newKeySet();

  // Guarded by this:
  private Set<String> changed = new LinkedHashSet<>();
  private Set<String> atStart = Set.of();
  private boolean heard;
  private boolean woken;
  private Runnable onWake = () -> {};

  SwitchNews(Function<String, @Nullable StoredRoute> live) {
    this.live = live;
  }

  /** Who is called when there is something to do; returns at once. */
  synchronized void onWake(Runnable newOnWake) {
    onWake = newOnWake;
    if (woken) {
      newOnWake.run();
    }
  }

  /** These lead to something else now. */
  void changed(Set<String> ids) {
    Set<String> ours = new LinkedHashSet<>();
    for (String id : ids) {
      StoredRoute stored = live.apply(id);
      if (tracked.contains(id) || (stored != null && stored.route().running().isPresent())) {
        ours.add(id);
      }
    }
    synchronized (this) {
      if (!heard) {
        heard = true;
        atStart = ours;
      }
      changed.addAll(ours);
    }
    if (!ours.isEmpty()) {
      wake();
    }
  }

  synchronized void wake() {
    woken = true;
    onWake.run();
  }

  synchronized Batch take() {
    Batch batch = new Batch(changed, atStart);
    changed = new LinkedHashSet<>();
    atStart = Set.of();
    return batch;
  }

  /** A route is under a switch: it counts when it is not any more, too. */
  void track(String route) {
    tracked.add(route);
  }

  void untrack(String route) {
    tracked.remove(route);
  }
}
