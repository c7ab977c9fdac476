package io.proxyetc.internal.balance;

import io.proxyetc.Balancing;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Targets with a clock and a chance that a test holds in its hand, and the pickers over them. */
final class TargetList {
  static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  final List<TargetState> states = new ArrayList<>();
  long now;

  private final int[] weights;
  private final Random random = new Random(4711);
  private final AtomicInteger cursor = new AtomicInteger();

  TargetList(int... weights) {
    this.weights = weights;
    TargetRegistry registry = new TargetRegistry();
    for (int i = 0; i < weights.length; i++) {
      Target target = Target.of("http://h" + i + ":80").withWeight(weights[i]);
      states.add(registry.target("r", "g", target, TargetTls.DEFAULT));
    }
  }

  static TargetList ofEqual(int size) {
    int[] weights = new int[size];
    Arrays.fill(weights, 1);
    return new TargetList(weights);
  }

  int size() {
    return states.size();
  }

  int[] weights() {
    return weights;
  }

  /** It is passed over for two seconds. */
  void down(int index) {
    states.get(index).eject(now, 2_000_000_000L, 10_000_000_000L, true);
  }

  int inFlight() {
    return states.stream().mapToInt(TargetState::inFlight).sum();
  }

  WeightedTargets weighted() {
    return new WeightedTargets(states, () -> now);
  }

  Balancer.Picker picker(String balancer) {
    return picker(Balancing.of(balancer), this::inFlight);
  }

  Balancer.Picker picker(Balancing balancing, IntSupplier inFlight) {
    return new Balancers(Map.of(), () -> now, Duration.ofSeconds(2), random::nextInt)
        .picker(balancing, states, () -> cursor, inFlight);
  }

  /** How often each is the first candidate of so many different requests. */
  int[] firsts(Balancer.Picker picker, int requests) {
    int[] counts = new int[size()];
    for (int i = 0; i < requests; i++) {
      counts[picker.pick(Asked.number(i), 0)]++;
    }
    return counts;
  }
}
