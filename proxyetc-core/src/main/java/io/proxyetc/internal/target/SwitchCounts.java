package io.proxyetc.internal.target;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the group answers that a switch leads to. Apart from the meters, which are for metrics and
 * capped: whether a switch goes back must not depend on how many other groups there are. Any
 * thread.
 */
public final class SwitchCounts {
  private final String switchId;
  private final String group;
  private final LongAdder requests = new LongAdder();
  private final LongAdder bad = new LongAdder();

  SwitchCounts(String switchId, String group) {
    this.switchId = switchId;
    this.group = group;
  }

  boolean isOf(String otherSwitch, String otherGroup) {
    return switchId.equals(otherSwitch) && group.equals(otherGroup);
  }

  /** The group that is counted. */
  public String group() {
    return group;
  }

  /**
   * A request has ended.
   *
   * @param failed whether it was answered with 5xx, or not at all
   */
  public void add(boolean failed) {
    requests.increment();
    if (failed) {
      bad.increment();
    }
  }

  public long requests() {
    return requests.sum();
  }

  public long bad() {
    return bad.sum();
  }
}
