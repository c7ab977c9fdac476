package io.proxyetc.benchmarks.jmh;

import io.proxyetc.Balancing;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.balance.Balancers;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One pick over 1,000 targets, by one thread and by two at once; and one with its claim and
 * release, which is what two threads meet at when they pick neighbours. With {@code -prof gc} it
 * shows that nothing is allocated.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PickBenchmark {
  /** Which balancer; the hash is of the client's address. */
  @Param({
    Balancing.ROUND_ROBIN,
    Balancing.RANDOM,
    Balancing.LEAST_REQUESTS,
    Balancing.CONSISTENT_HASH
  })
  String balancer = Balancing.ROUND_ROBIN;

  /** The largest weight; all weights from 1 to it occur. */
  @Param({"1", "50"})
  int weights;

  private final List<TargetState> targets = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  private Balancer.Picker picker;

  /** All have requests in flight, within their bounds: so load and bound are looked at. */
  @Setup
  public void fill() {
    TargetRegistry registry = new TargetRegistry();
    for (int i = 0; i < 1_000; i++) {
      Target target =
          Target.of("http://10.0." + i / 250 + "." + i % 250).withWeight(1 + i % weights);
      targets.add(registry.target("route", "default", target, TargetTls.DEFAULT));
    }
    for (int i = 0; i < 1_000; i++) {
      TargetState target = targets.get(i);
      int inFlight = target.target().weight() * (2 + i % 2);
      for (int n = 0; n < inFlight; n++) {
        target.tryClaim();
      }
    }
    AtomicInteger total = new AtomicInteger(targets.stream().mapToInt(TargetState::inFlight).sum());
    picker =
        new Balancers(Map.of())
            .picker(Balancing.of(balancer), targets, AtomicInteger::new, total::get);
  }

  @Benchmark
  @Threads(1)
  public int pickByOne(ManyClients clients) {
    return picker.pick(clients.next(), 0);
  }

  @Benchmark
  @Threads(2)
  public int pickByTwo(ManyClients clients) {
    return picker.pick(clients.next(), 0);
  }

  @Benchmark
  @Threads(1)
  public boolean claimByOne(ManyClients clients) {
    return claim(clients);
  }

  @Benchmark
  @Threads(2)
  public boolean claimByTwo(ManyClients clients) {
    return claim(clients);
  }

  private boolean claim(ManyClients clients) {
    TargetState target = targets.get(picker.pick(clients.next(), 0));
    boolean claimed = target.tryClaim();
    target.release();
    return claimed;
  }
}
