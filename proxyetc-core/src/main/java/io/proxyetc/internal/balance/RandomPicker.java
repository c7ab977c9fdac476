package io.proxyetc.internal.balance;

/** The first candidate is drawn by weight. */
final class RandomPicker extends DrawingPicker {
  private final WeightedDraw draw;
  private final Chance chance;

  RandomPicker(WeightedTargets targets, Chance chance) {
    super(targets, MOST_REDRAWS);
    this.draw = new WeightedDraw(targets.weights());
    this.chance = chance;
  }

  @Override
  int draw() {
    return draw.any(chance);
  }
}
