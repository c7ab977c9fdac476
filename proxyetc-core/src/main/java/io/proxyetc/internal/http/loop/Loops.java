package io.proxyetc.internal.http.loop;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/** The IO threads of a proxy. Immutable. */
public final class Loops {
  private final List<IoLoop> loops;

  /**
   * @param seed where the threads' random numbers begin
   */
  public Loops(XnioWorker worker, BufferBudget budget, long seed) {
    SplittableRandom seeds = new SplittableRandom(seed);
    MeterNumbers numbers = new MeterNumbers(worker.getIoThreadCount());
    loops =
        IntStream.range(0, worker.getIoThreadCount())
            .mapToObj(i -> new IoLoop(worker.getIoThread(i), budget, numbers, seeds.nextLong()))
            .toList();
  }

  /** The loop of an IO thread. */
  public IoLoop of(XnioIoThread thread) {
    for (IoLoop loop : loops) {
      if (loop.thread() == thread) {
        return loop;
      }
    }
    throw new IllegalArgumentException("not a thread of this proxy: " + thread);
  }

  public List<IoLoop> all() {
    return loops;
  }

  /** A sum over all threads. */
  public long count(LoopCounters.Counter counter) {
    long sum = 0;
    for (IoLoop loop : loops) {
      sum += loop.counters().get(counter);
    }
    return sum;
  }
}
