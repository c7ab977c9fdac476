package io.proxyetc.internal.table;

import io.proxyetc.ProxyException;
import io.proxyetc.internal.map.PersistentMap;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step from a table to the next. For one thread, used once.
 *
 * <p>The changed routes are taken out and put in again, the lower revision first, then the lower
 * id. When one cannot go in, what was live under its id must stay; if a newcomer took its place in
 * the meantime, the pass is repeated with the old one in place first, so that the newcomer is the
 * one to be refused: a bad route never displaces a good one.
 */
final class Compilation<R> {
  private static final Logger LOG = LoggerFactory.getLogger(Compilation.class);

  private final Planner<R> planner;
  private final RouteTable<R> before;
  private final RouteSnapshot snapshot;
  private final Set<String> changed;

  /** What the planner gave, or why it refused: it is asked once per route. */
  private final Map<String, Rule<R>> planned = new HashMap<>();

  private final Map<String, Refusal> failed = new LinkedHashMap<>();
  private HostIndex<R> hosts;
  private PersistentMap<String, Rule<R>> byId;

  Compilation(
      Planner<R> planner, RouteTable<R> before, RouteSnapshot snapshot, Set<String> changed) {
    this.planner = planner;
    this.before = before;
    this.snapshot = snapshot;
    this.changed = changed;
    hosts = before.hosts();
    byId = before.byId();
    changed.forEach(this::failIfInvalid);
    List<StoredRoute> wanted = wanted();
    takeOut();
    HostIndex<R> otherHosts = hosts;
    PersistentMap<String, Rule<R>> otherIds = byId;
    while (!putIn(wanted)) {
      hosts = otherHosts;
      byId = otherIds;
    }
  }

  /** Whether nothing is missing or left over: false if the snapshot did not tell all changes. */
  boolean complete() {
    int refusedOnly = 0;
    PersistentMap<String, Refusal> refusals = refusals();
    for (String id : refusals.keySet()) {
      refusedOnly += byId.containsKey(id) ? 0 : 1;
    }
    int invalidOnly = 0;
    for (String id : snapshot.invalid().keySet()) {
      invalidOnly += snapshot.routes().containsKey(id) ? 0 : 1;
    }
    return byId.size() + refusedOnly == snapshot.routes().size() + invalidOnly;
  }

  RouteTable<R> table() {
    return new RouteTable<>(snapshot.revision(), hosts, byId, refusals());
  }

  /** After the swap: what was refused for the first time, or for a new reason. */
  void logRefusals() {
    failed.forEach(
        (id, refusal) -> {
          boolean told = snapshot.invalid().containsKey(id); // by the store
          if (!told && !refusal.equals(before.refusals().get(id))) {
            LOG.warn(
                "route {}: refused ({}); {}",
                id,
                refusal.reason(),
                byId.containsKey(id) ? "its last good version stays live" : "it is not live");
          }
        });
  }

  /** After the swap: what is live, and what is not any more. */
  void tellPlanner() {
    for (String id : changed) {
      Rule<R> now = byId.get(id);
      Rule<R> gone = before.byId().get(id);
      if (gone == null) {
        gone = planned.get(id);
      }
      try {
        if (now != null) {
          planner.live(id, now.plan());
        } else if (gone != null) {
          planner.dropped(id, gone.plan());
        }
      } catch (RuntimeException e) {
        LOG.error("route {}: its change is live, but clearing up after it failed", id, e);
      }
    }
  }

  private void failIfInvalid(String id) {
    String reason = snapshot.invalid().get(id);
    if (reason != null && !snapshot.routes().containsKey(id)) {
      failed.put(id, new Refusal(reason, null));
    }
  }

  private List<StoredRoute> wanted() {
    List<StoredRoute> wanted = new ArrayList<>();
    for (String id : changed) {
      StoredRoute stored = snapshot.routes().get(id);
      if (stored != null && !failed.containsKey(id)) {
        wanted.add(stored);
      }
    }
    wanted.sort(
        Comparator.comparingLong(StoredRoute::revision)
            .thenComparing(stored -> stored.route().id()));
    return wanted;
  }

  private void takeOut() {
    for (String id : changed) {
      Rule<R> old = byId.get(id);
      if (old != null) {
        hosts = hosts.without(old);
        byId = byId.without(id);
      }
    }
  }

  /** One pass; false if it must be repeated because something live has to stay. */
  private boolean putIn(List<StoredRoute> wanted) {
    boolean done = true;
    for (String id : failed.keySet()) {
      Rule<R> old = before.byId().get(id);
      if (old != null) {
        add(old); // never a twin of another: they were live together
      }
    }
    for (StoredRoute stored : wanted) {
      String id = stored.route().id();
      if (!failed.containsKey(id) && !tryAdd(stored)) {
        done &= before.byId().get(id) == null;
      }
    }
    return done;
  }

  private boolean tryAdd(StoredRoute stored) {
    String id = stored.route().id();
    Refusal refusal = null;
    try {
      Rule<R> rule = plan(stored);
      Twins.Twin twin = Twins.find(rule, hosts);
      if (twin == null) {
        add(rule);
        return true;
      }
      refusal = new Refusal(messageOf(twin.asFault()), twin.id());
    } catch (ProxyException e) {
      refusal = new Refusal(messageOf(e), null);
    } catch (RuntimeException e) {
      LOG.warn("route {}: could not be prepared", id, e);
      refusal = new Refusal("could not be prepared: " + e, null);
    }
    failed.put(id, refusal);
    return false;
  }

  private Rule<R> plan(StoredRoute stored) {
    String id = stored.route().id();
    Rule<R> rule = planned.get(id);
    if (rule == null) {
      Rule<R> old = before.byId().get(id);
      rule =
          old != null && Differences.same(old.stored(), stored)
              ? old
              : new Rule<>(stored, planner.plan(stored, old == null ? null : old.plan()));
      planned.put(id, rule);
    }
    return rule;
  }

  private void add(Rule<R> rule) {
    hosts = hosts.with(rule);
    byId = byId.with(rule.id(), rule);
  }

  private PersistentMap<String, Refusal> refusals() {
    PersistentMap<String, Refusal> refusals = before.refusals();
    for (String id : changed) {
      Refusal refusal = failed.get(id);
      String reason = snapshot.invalid().get(id);
      if (refusal == null && reason != null) {
        refusal = new Refusal(reason, null); // the snapshot holds its last good version
      }
      refusals = refusal == null ? refusals.without(id) : refusals.with(id, refusal);
    }
    return refusals;
  }

  private static String messageOf(RuntimeException e) {
    @Nullable String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
