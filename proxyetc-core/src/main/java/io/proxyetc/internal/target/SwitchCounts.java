package io.proxyetc.internal.target;

import java.util.concurrent.atomic.LongAdder;

/**
 * What the group answers that a switch leads to, in the phase that the switch is in. Apart from the
 * meters, which are for metrics and capped: whether a switch goes back must not depend on how many
 * other groups there are. Any thread.
 *
 * <p>A phase begins when it is planned, so that its first request counts; an answer to a request
 * that was sent before counts where it comes.
 */
public final class SwitchCounts {
  private final String switchId;
  private final String group;
  private final LongAdder requests = new LongAdder();
  private final LongAdder bad = new LongAdder();

  private volatile Sum before = new Sum(0, 0);

  /** Under the lock of the route's state. */
  private String phase = "";

  /**
   * What has been counted.
   *
   * @param requests all that ended
   * @param bad those among them that were answered with 5xx, or not at all
   */
  public record Sum(long requests, long bad) {}

  SwitchCounts(String switchId, String group) {
    this.switchId = switchId;
    this.group = group;
  }

  boolean isOf(String otherSwitch, String otherGroup) {
    return switchId.equals(otherSwitch) && group.equals(otherGroup);
  }

  /** Counts from here if this is another phase than before. */
  void in(String newPhase) {
    if (!phase.equals(newPhase)) {
      phase = newPhase;
      before = all();
    }
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

  /** Since the phase began. */
  public Sum inPhase() {
    Sum begin = before;
    Sum now = all();
    long ended = now.requests - begin.requests;
    return new Sum(ended, Math.min(ended, now.bad - begin.bad));
  }

  /** What failed is read first, so that it is never more than all. */
  private Sum all() {
    long failed = bad.sum();
    return new Sum(requests.sum(), failed);
  }
}
