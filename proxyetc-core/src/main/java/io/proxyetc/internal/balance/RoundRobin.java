package io.proxyetc.internal.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** Weighted round robin, exact in each turn: the first candidate is the next of the sequence. */
final class RoundRobin extends DrawingPicker {
  private final WeightedSequence sequence;
  private final AtomicInteger cursor;

  RoundRobin(WeightedTargets targets, AtomicInteger cursor) {
    this(targets, WeightedSequence.of(targets.weights()), cursor);
  }

  private RoundRobin(WeightedTargets targets, WeightedSequence sequence, AtomicInteger cursor) {
    super(targets, redraws(sequence));
    this.sequence = sequence;
    this.cursor = cursor;
  }

  /**
   * Together with the first step never just a full turn: where all are down, that would end at the
   * same one for each request.
   */
  private static int redraws(WeightedSequence sequence) {
    return sequence.size() > MOST_REDRAWS + 1 ? MOST_REDRAWS : sequence.size();
  }

  @Override
  int draw() {
    return sequence.next(cursor);
  }
}
