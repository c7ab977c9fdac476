package io.proxyetc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a store tells, and checks that it keeps to the rules while it does. */
public final class StoreRecorder implements RouteStore.StoreListener {
  private final List<RouteSnapshot> snapshots = new CopyOnWriteArrayList<>();
  private final List<RouteStore.State> states = new CopyOnWriteArrayList<>();
  private final List<String> breaches = new CopyOnWriteArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();

  @Override
  public void onSnapshot(RouteSnapshot snapshot) {
    if (inside.incrementAndGet() != 1) {
      breaches.add("two calls at once, one of them for revision " + snapshot.revision());
    }
    if (!snapshots.isEmpty()) {
      compare(last(), snapshot);
    }
    snapshots.add(snapshot);
    inside.decrementAndGet();
  }

  private void compare(RouteSnapshot before, RouteSnapshot now) {
    if (now.revision() <= before.revision() && !before.stale()) {
      breaches.add("revision " + now.revision() + " follows " + before.revision());
    }
    Set<String> ids = new HashSet<>(before.routes().keySet());
    ids.addAll(now.routes().keySet());
    for (String id : ids) {
      StoredRoute was = before.routes().get(id);
      StoredRoute is = now.routes().get(id);
      boolean same = was != null && was.equals(is);
      if (!same && !before.stale() && !now.changed().contains(id)) {
        breaches.add("revision " + now.revision() + " hides that " + id + " has changed");
      }
      if (is != null && is.revision() > now.revision()) {
        breaches.add("route " + id + " is ahead of revision " + now.revision());
      }
    }
  }

  @Override
  public void onState(RouteStore.State state, String detail) {
    states.add(state);
  }

  /** All snapshots so far, after a check that none broke a rule. */
  public List<RouteSnapshot> snapshots() {
    assertEquals(List.of(), breaches);
    return snapshots;
  }

  public List<RouteStore.State> states() {
    return states;
  }

  /** The newest snapshot. */
  public RouteSnapshot last() {
    return snapshots.get(snapshots.size() - 1);
  }

  /** Waits for the first snapshot. */
  public RouteSnapshot awaitFirst() {
    Await.until("the first snapshot", () -> !snapshots.isEmpty());
    return snapshots().get(0);
  }

  /** Waits for a revision, and gives the first snapshot that has it. */
  public RouteSnapshot await(long revision) {
    Await.until(
        "revision " + revision, () -> !snapshots.isEmpty() && last().revision() >= revision);
    return snapshots().stream().filter(s -> s.revision() >= revision).findFirst().orElseThrow();
  }

  /** Waits until the newest snapshot names something as invalid. */
  public Map<String, String> awaitInvalid() {
    Await.until("something invalid", () -> !snapshots.isEmpty() && !last().invalid().isEmpty());
    assertTrue(snapshots().size() > 0);
    return last().invalid();
  }
}
