package io.proxyetc.internal.http.loop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of one IO thread by group; capped, as each takes memory: the rest is counted together.
 */
public final class GroupMeters {
  /** The name under which all groups beyond the cap are counted. */
  public static final String OTHER = "other";

  private static final int MAX = 256;

  private final Map<String, GroupMeter> meters = new ConcurrentHashMap<>();

  /** The meter of a group. Only on the IO thread. */
  public GroupMeter of(String group) {
    GroupMeter meter = meters.get(group);
    if (meter == null) {
      String name = meters.size() < MAX ? group : OTHER;
      meter = meters.computeIfAbsent(name, n -> new GroupMeter());
    }
    return meter;
  }

  /** A live view. Any thread. */
  public Map<String, GroupMeter> all() {
    return meters;
  }
}
