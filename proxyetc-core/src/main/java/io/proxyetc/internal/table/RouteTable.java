package io.proxyetc.internal.table;

import io.proxyetc.internal.map.PersistentMap;
import io.proxyetc.spi.StoredRoute;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one revision, compiled for look-up. Immutable. The order in which routes are asked
 * is written down in docs/routing.md.
 *
 * @param <R> what a match leads to
 */
public final class RouteTable<R> {
  private final long revision;
  private final HostIndex<R> hosts;
  private final PersistentMap<String, Rule<R>> byId;
  private final PersistentMap<String, Refusal> refusals;

  RouteTable(
      long revision,
      HostIndex<R> hosts,
      PersistentMap<String, Rule<R>> byId,
      PersistentMap<String, Refusal> refusals) {
    this.revision = revision;
    this.hosts = hosts;
    this.byId = byId;
    this.refusals = refusals;
  }

  /** The table before the first snapshot: nothing matches, the revision is 0. */
  public static <R> RouteTable<R> empty() {
    return new RouteTable<>(0, HostIndex.empty(), PersistentMap.empty(), PersistentMap.empty());
  }

  /** The revision of the store that this table was compiled from. */
  public long revision() {
    return revision;
  }

  /** What the request leads to; null if no route applies. For IO threads: allocates nothing. */
  public @Nullable R match(RequestKey key) {
    return hosts.match(key);
  }

  /** What is live, in no particular order: a view. */
  public Collection<StoredRoute> routes() {
    return new AbstractCollection<>() {
      @Override
      public Iterator<StoredRoute> iterator() {
        Iterator<Rule<R>> rules = byId.values().iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return rules.hasNext();
          }

          @Override
          public StoredRoute next() {
            return rules.next().stored();
          }
        };
      }

      @Override
      public int size() {
        return byId.size();
      }
    };
  }

  /** The live version of a route: an older one than the store's if that one was refused. */
  public @Nullable StoredRoute stored(String id) {
    Rule<R> rule = byId.get(id);
    return rule == null ? null : rule.stored();
  }

  /** What a route leads to; null if it is not live. */
  public @Nullable R plan(String id) {
    Rule<R> rule = byId.get(id);
    return rule == null ? null : rule.plan();
  }

  /** Route id (or file name) to why its newest version is not live, in order: a copy. */
  public Map<String, String> refused() {
    Map<String, String> reasons = new TreeMap<>();
    refusals.forEach((id, refusal) -> reasons.put(id, refusal.reason()));
    return reasons;
  }

  HostIndex<R> hosts() {
    return hosts;
  }

  PersistentMap<String, Rule<R>> byId() {
    return byId;
  }

  PersistentMap<String, Refusal> refusals() {
    return refusals;
  }
}
