package io.proxyetc.internal.target;

import io.proxyetc.HealthCheck;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.map.PersistentMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds or makes the live states. Each call costs what its own route costs, however many others
 * there are. Safe for any thread, behind one short lock that IO threads never take: they only call
 * the states themselves.
 *
 * <p>What has come to its end (a target that is retired and drained; an address without users and
 * sockets) is freed by the next call.
 */
public final class TargetRegistry {
  // Persistent maps not for their versions but for their size: half of a HashMap's per entry.
  private PersistentMap<String, RouteState> routes = PersistentMap.empty();

  /** By URL: plain ones, and those that are verified in the usual way. */
  private PersistentMap<String, AddressState> addresses = PersistentMap.empty();

  /** Https addresses that are verified in another way. */
  private final Map<AddressKey, AddressState> specialAddresses = new HashMap<>();

  private final Leftovers leftovers = new Leftovers();

  /** The state of a route. */
  public synchronized RouteState route(String id) {
    tidy();
    RouteState route = routes.get(id);
    if (route == null) {
      route = new RouteState(id);
      routes = routes.with(id, route);
    }
    route.forgotten(false);
    return route;
  }

  /** What is counted of a route's newest switch; empty: it had none. */
  public synchronized Optional<SwitchCounts> switchCounts(String routeId) {
    return Optional.ofNullable(routes.get(routeId)).map(RouteState::switchCounts);
  }

  /**
   * The state of a target, revived if it was retired. What {@code target} has against it waits for
   * {@link Drains#live}. A target whose address has changed is another one.
   */
  public TargetState target(String routeId, String group, Target target, TargetTls tls) {
    return target(routeId, group, target, tls, HealthCheck.Initial.UP);
  }

  /**
   * The same for a target that is probed.
   *
   * @param initial what it is until its first probe, where it has no live state yet
   */
  public synchronized TargetState target(
      String routeId, String group, Target target, TargetTls tls, HealthCheck.Initial initial) {
    RouteState route = route(routeId);
    AddressState address = address(target, tls);
    TargetKey key = new TargetKey(group, target.id(), address);
    TargetState found = route.find(key);
    if (found != null) {
      if (found.retired()) {
        found.update(target);
        begin(found, initial);
        found.revive();
      } else {
        found.foretell(target);
      }
      return found;
    }
    TargetState made = new TargetState(route.group(group), address, target);
    begin(made, initial);
    address.addUsers(1);
    route.add(made);
    return made;
  }

  private static void begin(TargetState target, HealthCheck.Initial initial) {
    if (initial != HealthCheck.Initial.UP) {
      target.unprobed(initial == HealthCheck.Initial.DOWN);
    }
  }

  /** The state of a target's address. Plain addresses do not differ by their {@link TargetTls}. */
  public synchronized AddressState address(Target target, TargetTls tls) {
    tidy();
    String url = target.url();
    if (target.secure() && !tls.equals(TargetTls.DEFAULT)) {
      return specialAddresses.computeIfAbsent(
          new AddressKey(url, tls), key -> new AddressState(url, tls, leftovers));
    }
    AddressState address = addresses.get(url);
    if (address == null) {
      address = new AddressState(url, TargetTls.DEFAULT, leftovers);
      addresses = addresses.with(url, address);
    }
    return address;
  }

  /**
   * Retires the targets of a route that its newest version does not name.
   *
   * @return those that were live until now
   */
  public synchronized List<TargetState> retainTargets(String routeId, Set<TargetState> stillUsed) {
    List<TargetState> retired = new ArrayList<>(0);
    RouteState route = routes.get(routeId);
    if (route != null) {
      route.eachTarget(
          target -> {
            if (!stillUsed.contains(target) && target.retire()) {
              retired.add(target);
            }
          });
    }
    tidy();
    return retired;
  }

  /**
   * Retires all targets of a route; its state goes when they are drained.
   *
   * @return those that were live until now
   */
  public synchronized List<TargetState> forget(String routeId) {
    List<TargetState> retired = new ArrayList<>(0);
    RouteState route = routes.get(routeId);
    if (route != null) {
      route.forgotten(true);
      route.eachTarget(
          target -> {
            if (target.retire()) {
              retired.add(target);
            }
          });
      dropIfGone(route);
    }
    tidy();
    return retired;
  }

  /** The addresses that are in use or have open sockets, for metrics: a copy. */
  public synchronized List<AddressState> addresses() {
    tidy();
    List<AddressState> all = new ArrayList<>(addresses.values());
    all.addAll(specialAddresses.values());
    return all;
  }

  /** The targets that are live or drain: a copy. */
  public synchronized List<TargetState> targets() {
    tidy();
    List<TargetState> all = new ArrayList<>(routes.size());
    routes.values().forEach(route -> route.eachTarget(all::add));
    return all;
  }

  private void tidy() {
    leftovers.drain(this::dropIfDrained, this::dropIfUnused);
  }

  private void dropIfDrained(TargetState target) {
    if (target.drained() && target.group().route().remove(target)) {
      target.address().addUsers(-1);
      dropIfUnused(target.address());
      dropIfGone(target.group().route());
    }
  }

  private void dropIfUnused(AddressState address) {
    if (!address.unused()) {
      return;
    }
    if (addresses.get(address.url()) == address) {
      addresses = addresses.without(address.url());
    } else {
      specialAddresses.remove(new AddressKey(address.url(), address.tls()), address);
    }
  }

  private void dropIfGone(RouteState route) {
    if (route.gone() && routes.get(route.id()) == route) {
      routes = routes.without(route.id());
    }
  }
}
