package io.proxyetc.benchmarks.jmh;

import io.proxyetc.Balancing;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.balance.Balancers;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.RequestView;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
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

/** One pick, claim and release over 1,000 targets, by one thread and by two at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PickBenchmark {
  private static final RequestView REQUEST = new NoRequest();

  /** The largest weight; all weights from 1 to it occur. */
  @Param({"1", "50"})
  int weights;

  private final List<TargetState> targets = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  private Balancer.Picker picker;

  @Setup
  public void fill() {
    TargetRegistry registry = new TargetRegistry();
    for (int i = 0; i < 1_000; i++) {
      Target target =
          Target.of("http://10.0." + i / 250 + "." + i % 250).withWeight(1 + i % weights);
      targets.add(registry.target("route", "default", target, TargetTls.DEFAULT));
    }
    picker = new Balancers(Map.of()).picker(Balancing.DEFAULT, targets, AtomicInteger::new);
  }

  @Benchmark
  @Threads(1)
  public boolean pickByOne() {
    return pick();
  }

  @Benchmark
  @Threads(2)
  public boolean pickByTwo() {
    return pick();
  }

  private boolean pick() {
    TargetState target = targets.get(picker.pick(REQUEST, 0));
    boolean claimed = target.tryClaim();
    target.release();
    return claimed;
  }

  /** Round robin asks nothing. */
  private static final class NoRequest implements RequestView {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public @Nullable String header(String name) {
      return null;
    }

    @Override
    public int previous() {
      return -1;
    }

    @Override
    public InetAddress client() {
      return InetAddress.getLoopbackAddress();
    }
  }
}
