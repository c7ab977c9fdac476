package io.proxyetc.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/** From a request's bytes to its plan, over random hosts: with one route and with 100,000. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LookUpBenchmark {
  /** How many routes, each with a host of its own. */
  @Param({"1", "10000", "100000"})
  int routes;

  private final HostKey key = new HostKey();

  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  private ManyRoutes many;

  private int random = 1;

  @Setup
  public void fill() {
    many = new ManyRoutes(routes);
  }

  @Benchmark
  public ManyRoutes.@Nullable Plan lookUp() {
    random = random * 1_664_525 + 1_013_904_223;
    key.set((int) ((random & 0xffffffffL) * routes >>> 32));
    return many.table().match(key);
  }
}
