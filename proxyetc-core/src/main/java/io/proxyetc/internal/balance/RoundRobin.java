package io.proxyetc.internal.balance;

import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.RequestView;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Weighted round robin. The first candidate is the next of the weighted sequence whose connects do
 * not fail just now, so that the share of a target that is down goes to all others by their
 * weights. Each further candidate is the target behind the one before it, until all that have a
 * weight above 0 were given.
 */
final class RoundRobin implements Balancer.Picker {
  private static final int MOST_STEPS = 16;

  private final TargetState[] targets;
  private final WeightedSequence sequence;
  private final AtomicInteger cursor;
  private final LongSupplier nanoTime;

  /** Which targets had a weight above 0 when the sequence was made. */
  private final boolean[] weighted;

  /**
   * How often the sequence is asked on, past targets that are skipped, before they are looked
   * through in the order of the list. Together with the first step never just a full turn: where
   * all are down, that would end at the same one for each request.
   */
  private final int stepsPastSkipped;

  RoundRobin(List<TargetState> targets, AtomicInteger cursor, LongSupplier nanoTime) {
    this.targets = targets.toArray(new TargetState[0]);
    this.cursor = cursor;
    this.nanoTime = nanoTime;
    int[] weights = new int[this.targets.length];
    weighted = new boolean[weights.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = this.targets[i].target().weight();
      weighted[i] = weights[i] > 0;
    }
    sequence = WeightedSequence.of(weights);
    stepsPastSkipped = sequence.size() > MOST_STEPS + 1 ? MOST_STEPS : sequence.size();
  }

  @Override
  public int pick(RequestView request, int attempt) {
    if (attempt == 0) {
      return first();
    }
    return attempt < sequence.positive() ? behind(request.previous()) : -1;
  }

  private int first() {
    int index = sequence.next(cursor);
    // Only where a connect failed is the clock asked.
    return index >= 0 && targets[index].suspect() ? firstOfThoseThatWork(index) : index;
  }

  private int firstOfThoseThatWork(int first) {
    long now = nanoTime.getAsLong();
    int index = first;
    for (int step = 0; step < stepsPastSkipped; step++) {
      if (!targets[index].skipped(now)) {
        return index;
      }
      index = sequence.next(cursor);
    }
    for (int n = sequence.positive(); n > 0; n--) {
      if (!targets[index].skipped(now)) {
        return index;
      }
      index = behind(index);
    }
    return index;
  }

  private int behind(int previous) {
    int index = previous;
    do {
      index = index + 1 == targets.length ? 0 : index + 1;
    } while (!weighted[index]);
    return index;
  }
}
