package io.proxyetc.internal.balance;

import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.RequestView;

/**
 * Draws the first candidate, and draws anew where that one is to be passed over just now: so the
 * share of a target that is down goes to all others by their weights. Each further candidate is the
 * target behind the one before it, until all that have a weight above 0 were given.
 */
abstract class DrawingPicker implements Balancer.Picker {
  /** Enough for all but the worst days, and short on those. */
  static final int MOST_REDRAWS = 16;

  private final WeightedTargets targets;
  private final int redraws;

  /**
   * @param targets one must have a weight above 0
   * @param redraws so often is drawn anew; then they are looked through in the order of the list
   */
  DrawingPicker(WeightedTargets targets, int redraws) {
    this.targets = targets;
    this.redraws = redraws;
  }

  /** One by weight, whether it works or not. */
  abstract int draw();

  WeightedTargets targets() {
    return targets;
  }

  @Override
  public final int pick(RequestView request, int attempt) {
    if (attempt == 0) {
      return first();
    }
    return attempt < targets.positive() ? targets.behind(request.previous()) : -1;
  }

  /** The first candidate. */
  int first() {
    int index = draw();
    // Only where somebody is suspect is the clock asked.
    return targets.suspect(index) ? firstThatWorks(index) : index;
  }

  private int firstThatWorks(int drawn) {
    long now = targets.now();
    int index = drawn;
    for (int n = 0; n < redraws; n++) {
      if (!targets.skipped(index, now)) {
        return index;
      }
      index = draw();
    }
    return targets.fromHere(index, now);
  }
}
