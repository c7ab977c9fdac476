package io.proxyetc;

import java.util.Map;

/**
 * Which group gets a route's traffic: one group, or weights over several (a canary).
 *
 * @param weights group name to weight; 0 to 1000 each, at least one above 0
 */
public record Active(Map<String, Integer> weights) {
  private static final Active DEFAULT = new Active(Map.of(TargetGroup.DEFAULT, 1));

  public Active {
    weights = SmallCopies.ordered(weights);
    int sum = 0;
    for (Map.Entry<String, Integer> e : weights.entrySet()) {
      if (e.getValue() < 0 || e.getValue() > Target.MAX_WEIGHT) {
        throw new InvalidRouteException(
            e.getKey(), e.getValue() + " is not between 0 and " + Target.MAX_WEIGHT);
      }
      sum += e.getValue();
    }
    if (sum == 0) {
      throw new InvalidRouteException("", "no group has a weight above 0");
    }
  }

  /** All traffic to one group. */
  public static Active group(String name) {
    return name.equals(TargetGroup.DEFAULT) ? DEFAULT : new Active(Map.of(name, 1));
  }

  /** Whether one group gets all traffic. */
  public boolean single() {
    return weights.values().stream().filter(w -> w > 0).count() == 1;
  }
}
