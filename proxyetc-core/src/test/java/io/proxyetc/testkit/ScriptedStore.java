package io.proxyetc.testkit;

import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store that does what a test tells it, when it tells it. */
public final class ScriptedStore implements RouteStore {
  /** A change that was asked for, to be answered by the test. */
  public record Asked(RouteChange change, CompletableFuture<Long> answer) {}

  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile @Nullable StoreListener listener;
  private final AtomicInteger closes = new AtomicInteger();
  private Runnable first = () -> {};

  /** What the store does when it is started, before that returns. */
  public void onStart(Runnable newFirst) {
    first = newFirst;
  }

  @Override
  public void start(StoreListener newListener) {
    listener = newListener;
    first.run();
  }

  @Override
  public CompletionStage<Long> apply(RouteChange change) {
    Asked one = new Asked(change, new CompletableFuture<>());
    asked.add(one);
    return one.answer();
  }

  /** Waits for the n-th change, counted from 0. */
  public Asked asked(int index) {
    Await.until("change " + index, () -> asked.size() > index);
    return asked.get(index);
  }

  /** How many changes were asked for. */
  public int count() {
    return asked.size();
  }

  /** Delivers these routes, all as changed. */
  public void deliver(long revision, boolean stale, StoredRoute... routes) {
    Map<String, StoredRoute> map = byId(routes);
    listener().onSnapshot(new RouteSnapshot(revision, map, map.keySet(), Map.of(), stale));
  }

  /** Delivers these routes, of which it says that these have changed. */
  public void deliverChanged(long revision, Set<String> changed, StoredRoute... routes) {
    listener().onSnapshot(new RouteSnapshot(revision, byId(routes), changed, Map.of(), false));
  }

  /** Delivers these routes and one that is none at all. */
  @SuppressWarnings("NullAway") // on purpose
  public void deliverBroken(long revision, StoredRoute... routes) {
    Map<String, StoredRoute> map = new HashMap<>(byId(routes));
    map.put("broken", new StoredRoute(null, revision));
    Set<String> changed = Set.copyOf(map.keySet());
    listener().onSnapshot(new RouteSnapshot(revision, map, changed, Map.of(), false));
  }

  /** Delivers this, be it as it must be or not. */
  public void deliver(RouteSnapshot snapshot) {
    listener().onSnapshot(snapshot);
  }

  /** Delivers a snapshot that has no content. */
  @SuppressWarnings("NullAway") // on purpose
  public void deliverNothing(long revision) {
    listener().onSnapshot(new RouteSnapshot(revision, null, null, null, false));
  }

  private static Map<String, StoredRoute> byId(StoredRoute... routes) {
    Map<String, StoredRoute> map = new HashMap<>();
    for (StoredRoute stored : routes) {
      map.put(stored.route().id(), stored);
    }
    return Map.copyOf(map);
  }

  /** Says how it is. */
  public void tell(State state, String detail) {
    listener().onState(state, detail);
  }

  private StoreListener listener() {
    return Objects.requireNonNull(listener, "the store was not started");
  }

  /** How often it was closed. */
  public int closes() {
    return closes.get();
  }

  @Override
  public String describe() {
    return "scripted store";
  }

  @Override
  public void close() {
    closes.incrementAndGet();
  }
}
