package io.proxyetc.internal.balance;

/**
 * The first candidate is, of two different ones that are drawn by weight, the one that would have
 * fewer requests in flight per weight. Two are enough to even out, and do not send every thread to
 * the same one, as looking for the least of all would.
 */
final class LeastRequests extends DrawingPicker {
  private final WeightedDraw draw;
  private final Chance chance;

  LeastRequests(WeightedTargets targets, Chance chance) {
    super(targets, MOST_REDRAWS);
    this.draw = new WeightedDraw(targets.weights());
    this.chance = chance;
  }

  @Override
  int draw() {
    return draw.any(chance);
  }

  @Override
  int first() {
    int one = super.first();
    if (targets().positive() < 2) {
      return one;
    }
    int other = other(one);
    return lighter(other, one) ? other : one;
  }

  /** Another one that works, as far as some draws find it; else the same. */
  private int other(int one) {
    int other = draw.other(one, chance);
    if (!targets().suspect(other)) {
      return other;
    }
    long now = targets().now();
    for (int n = 0; n < MOST_REDRAWS; n++) {
      if (!targets().skipped(other, now)) {
        return other;
      }
      other = draw.other(one, chance);
    }
    return one;
  }

  /** Compares the loads per weight, without a division. */
  private boolean lighter(int a, int b) {
    return load(a) * targets().weight(b) < load(b) * targets().weight(a);
  }

  /**
   * As it would be with the request. Without any in flight it is 0 whatever the weight: else of two
   * idle ones the lighter would get nothing at all, as long as requests come one by one.
   */
  private long load(int index) {
    int inFlight = targets().inFlight(index);
    return inFlight == 0 ? 0 : inFlight + 1L;
  }
}
