package io.proxyetc.benchmarks.jmh;

import io.proxyetc.internal.table.RouteTable;
import java.util.concurrent.TimeUnit;
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

/** From a changed route to a live table; the sampled percentiles count, not the mean. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PutBenchmark {
  /** How many routes there are. */
  @Param({"1", "100000"})
  int routes;

  @SuppressWarnings("NullAway.Init") // JMH calls the set-up first
  private ManyRoutes many;

  private int version;

  @Setup
  public void fill() {
    many = new ManyRoutes(routes);
  }

  @Benchmark
  public RouteTable<?> put() {
    version++;
    return many.put(Math.floorMod(version * 7_919, routes), version);
  }
}
