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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The balancers by name: the built-in ones and those of the user, which are bounded: what they
 * throw or pick wrongly is counted, logged once, and never leaves the route without a picker.
 */
public final class Balancers implements AutoCloseable {
  /** How long a change of routes waits for a user's balancer: well below what a put waits. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** For a list in which nobody has a weight above 0. */
  private static final Balancer.Picker NOBODY = (request, attempt) -> -1;

  private final Map<String, UserBalancer> users;
  private final LongSupplier nanoTime;
  private final Chance chance;

  /**
   * @param users by name
   * @throws IllegalArgumentException for a balancer that takes a built-in one's name
   */
  public Balancers(Map<String, Balancer> users) {
    this(users, System::nanoTime, PATIENCE, bound -> ThreadLocalRandom.current().nextInt(bound));
  }

  Balancers(Map<String, Balancer> users, LongSupplier nanoTime, Duration patience, Chance chance) {
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
    this.chance = chance;
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
   * As {@link #picker(Balancing, List, Supplier, IntSupplier)}, where nobody counts what is in
   * flight in the group: each pick that needs it adds it up.
   */
  public Balancer.Picker picker(
      Balancing balancing, List<TargetState> targets, Supplier<AtomicInteger> cursor) {
    List<TargetState> all = List.copyOf(targets);
    return picker(balancing, all, cursor, () -> all.stream().mapToInt(TargetState::inFlight).sum());
  }

  /**
   * Prepares a picker: off the IO threads, as a user's balancer may take its time, though not more
   * than two seconds of the caller's.
   *
   * @param balancing which balancer
   * @param targets the candidates: their weights are read now, so a change of weight wants a new
   *     picker
   * @param cursor where a rotation stands, for those that need one; it outlives the picker
   * @param inFlight how much is in flight at all targets together; asked on IO threads
   * @return one that is asked with a {@link HashView}; a {@link BoundedPicker} if it has a bound
   * @throws InvalidRouteException with path {@code balancer} if there is no such balancer
   */
  public Balancer.Picker picker(
      Balancing balancing,
      List<TargetState> targets,
      Supplier<AtomicInteger> cursor,
      IntSupplier inFlight) {
    check(balancing);
    UserBalancer user = users.get(balancing.name());
    return user == null
        ? builtIn(balancing, targets, cursor, inFlight)
        : user.over(
            List.<TargetView>copyOf(targets),
            builtIn(Balancing.DEFAULT, targets, cursor, inFlight));
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

  private Balancer.Picker builtIn(
      Balancing balancing,
      List<TargetState> targets,
      Supplier<AtomicInteger> cursor,
      IntSupplier inFlight) {
    if (targets.size() == 1 && targets.get(0).target().weight() > 0) {
      return OnlyTarget.INSTANCE;
    }
    WeightedTargets weighted = new WeightedTargets(targets, nanoTime);
    if (weighted.positive() == 0) {
      return NOBODY;
    }
    return switch (balancing.name()) {
      case Balancing.LEAST_REQUESTS -> new LeastRequests(weighted, chance);
      case Balancing.RANDOM -> new RandomPicker(weighted, chance);
      case Balancing.CONSISTENT_HASH ->
          new ConsistentHash(
              weighted,
              HashKey.of(balancing),
              new LoadBound(weighted, balancing.maxLoad(), inFlight));
      default -> new RoundRobin(weighted, cursor.get());
    };
  }
}
