package io.proxyetc.internal.balance;

import io.proxyetc.Balancing;
import io.proxyetc.InvalidRouteException;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.TargetView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The balancers by name: the built-in round robin and those of the user, which are bounded: what
 * they throw or pick wrongly is counted, logged once, and never leaves the route without a picker.
 */
public final class Balancers implements AutoCloseable {
  /** How long a change of routes waits for a user's balancer: well below what a put waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Map<String, UserBalancer> users;
  private final LongSupplier nanoTime;

  /**
   * @param users by name
   * @throws IllegalArgumentException for a balancer that takes a built-in one's name
   */
  public Balancers(Map<String, Balancer> users) {
    this(users, System::nanoTime, PATIENCE);
  }

  Balancers(Map<String, Balancer> users, LongSupplier nanoTime, Duration patience) {
    for (String name : users.keySet()) {
      if (Balancing.builtIn(name)) {
        throw new IllegalArgumentException(
            "balancer " + name + " is built in: give yours another name");
      }
    }
    this.users =
        users.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    user -> new UserBalancer(user.getKey(), user.getValue(), patience)));
    this.nanoTime = nanoTime;
  }

  /**
   * Whether there is a balancer of that name.
   *
   * @throws InvalidRouteException with path {@code balancer} if there is none
   */
  public void check(Balancing balancing) {
    String name = balancing.name();
    if (!Balancing.builtIn(name) && !users.containsKey(name)) {
      TreeSet<String> known = new TreeSet<>(users.keySet());
      known.addAll(Balancing.BUILT_IN);
      throw new InvalidRouteException(
          "balancer", "there is no balancer '" + name + "'; known are " + known);
    }
  }

  /**
   * Prepares a picker: off the IO threads, as a user's balancer may take its time, though not more
   * than two seconds of the caller's.
   *
   * @param balancing which balancer
   * @param targets the candidates: their weights are read now, so a change of weight wants a new
   *     picker
   * @param cursor where a rotation stands, for those that need one; it outlives the picker
   * @throws InvalidRouteException with path {@code balancer} if there is no such balancer
   */
  public Balancer.Picker picker(
      Balancing balancing, List<TargetState> targets, Supplier<AtomicInteger> cursor) {
    check(balancing);
    Balancer.Picker roundRobin = roundRobin(targets, cursor);
    UserBalancer user = users.get(balancing.name());
    return user == null ? roundRobin : user.over(List.<TargetView>copyOf(targets), roundRobin);
  }

  /** Name of each balancer of the user to how often it threw, was late or picked what is not. */
  public Map<String, Long> faults() {
    Map<String, Long> counts = new TreeMap<>();
    users.forEach((name, user) -> counts.put(name, user.faults()));
    return counts;
  }

  /** Ends the threads of the user's balancers. */
  @Override
  public void close() {
    users.values().forEach(UserBalancer::close);
  }

  private Balancer.Picker roundRobin(List<TargetState> targets, Supplier<AtomicInteger> cursor) {
    if (targets.size() == 1 && targets.get(0).target().weight() > 0) {
      return OnlyTarget.INSTANCE;
    }
    return new RoundRobin(targets, cursor.get(), nanoTime);
  }
}
