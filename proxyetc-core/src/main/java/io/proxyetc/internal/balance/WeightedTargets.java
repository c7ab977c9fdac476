package io.proxyetc.internal.balance;

import io.proxyetc.internal.target.TargetState;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The targets that a picker chooses from, with the weights that they had when it was made, and what
 * all pickers do in the same way. Immutable, but for the live states it points to.
 */
final class WeightedTargets {
  private final TargetState[] targets;
  private final int[] weights;
  private final LongSupplier nanoTime;
  private final int positive;
  private final int sum;

  WeightedTargets(List<TargetState> targets, LongSupplier nanoTime) {
    this.targets = targets.toArray(new TargetState[0]);
    this.nanoTime = nanoTime;
    this.weights = targets.stream().mapToInt(target -> target.target().weight()).toArray();
    int counted = 0;
    int total = 0;
    for (int weight : weights) {
      counted += weight > 0 ? 1 : 0;
      total = Math.addExact(total, weight);
    }
    positive = counted;
    sum = total;
  }

  int size() {
    return targets.length;
  }

  /** How many have a weight above 0: so many candidates a request has. */
  int positive() {
    return positive;
  }

  /** Of all weights. */
  int sum() {
    return sum;
  }

  int weight(int index) {
    return weights[index];
  }

  /** A copy. */
  int[] weights() {
    return weights.clone();
  }

  String id(int index) {
    return targets[index].target().id();
  }

  int inFlight(int index) {
    return targets[index].inFlight();
  }

  /** The clock, to be asked only where somebody is {@link #suspect}. */
  long now() {
    return nanoTime.getAsLong();
  }

  /** Whether it is to be asked if it is {@link #skipped}. */
  boolean suspect(int index) {
    return targets[index].suspect();
  }

  /** Whether to pass it over as long as there are others. */
  boolean skipped(int index, long now) {
    TargetState target = targets[index];
    return target.suspect() && target.skipped(now);
  }

  /** The next in the list that has a weight above 0, round and round. One must have. */
  int behind(int previous) {
    int index = previous;
    do {
      index = index + 1 == targets.length ? 0 : index + 1;
    } while (weights[index] == 0);
    return index;
  }

  /**
   * The first from {@code index} on, in the order of the list, that is not skipped; else itself.
   */
  int fromHere(int index, long now) {
    int found = index;
    for (int n = positive; n > 0 && skipped(found, now); n--) {
      found = behind(found);
    }
    return found;
  }
}
