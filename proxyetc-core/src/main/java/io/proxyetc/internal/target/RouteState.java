package io.proxyetc.internal.target;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The live side of a route: its groups, its targets, and where its rotation over groups stands. It
 * outlives the snapshots that name it. Asking for a group takes a short lock, so a plan asks once
 * and keeps it.
 */
public final class RouteState {
  private final String id;
  private @Nullable AtomicInteger cursor;
  private @Nullable GroupState groups;

  /** Of the newest switch, be it over or not. */
  private @Nullable SwitchCounts switchCounts;

  /** The target of a route that has one, as most have. Under the registry's lock. */
  private @Nullable TargetState only;

  /** The targets of a route that has more. Under the registry's lock. */
  private Map<TargetKey, TargetState> several = Map.of();

  /** Whether no snapshot names this route any more. Under the registry's lock. */
  private boolean forgotten;

  RouteState(String id) {
    this.id = id;
  }

  /** The route's id. */
  public String id() {
    return id;
  }

  /** Where the rotation over the route's groups stands. */
  public synchronized AtomicInteger groupCursor() {
    if (cursor == null) {
      cursor = new AtomicInteger();
    }
    return cursor;
  }

  /** The live side of one of its groups. */
  public synchronized GroupState group(String name) {
    for (GroupState group = groups; group != null; group = group.next) {
      if (group.name().equals(name)) {
        return group;
      }
    }
    GroupState made = new GroupState(this, name, groups);
    groups = made;
    return made;
  }

  /** Forgets a group none of whose targets is left: a name may never come again. */
  private synchronized void drop(GroupState gone) {
    GroupState before = null;
    for (GroupState group = groups; group != gone && group != null; group = group.next) {
      before = group;
    }
    if (before == null) {
      groups = gone.next;
    } else {
      before.next = gone.next;
    }
  }

  /**
   * Counts for the group that a switch leads to: the same as long as it runs, beginning anew with
   * each phase.
   */
  public synchronized SwitchCounts switchCounts(String switchId, String group, String phase) {
    SwitchCounts present = switchCounts;
    if (present == null || !present.isOf(switchId, group)) {
      present = new SwitchCounts(switchId, group);
      switchCounts = present;
    }
    present.in(phase);
    return present;
  }

  synchronized @Nullable SwitchCounts switchCounts() {
    return switchCounts;
  }

  @Nullable TargetState find(TargetKey key) {
    TargetState single = only;
    if (single != null) {
      return single.key().equals(key) ? single : null;
    }
    return several.get(key);
  }

  void add(TargetState target) {
    TargetState single = only;
    if (single == null && several.isEmpty()) {
      only = target;
      return;
    }
    if (single != null) {
      several = new HashMap<>();
      several.put(single.key(), single);
      only = null;
    }
    several.put(target.key(), target);
  }

  /** Takes a target out, if it is this one, and its group with the last one. */
  boolean remove(TargetState target) {
    boolean removed = take(target);
    if (removed) {
      boolean[] others = {false};
      eachTarget(other -> others[0] |= other.group() == target.group());
      if (!others[0]) {
        drop(target.group());
      }
    }
    return removed;
  }

  private boolean take(TargetState target) {
    if (only == target) {
      only = null;
      return true;
    }
    TargetKey key = target.key();
    if (several.get(key) != target) {
      return false;
    }
    several.remove(key);
    if (several.size() == 1) {
      only = several.values().iterator().next();
      several = Map.of();
    }
    return true;
  }

  void eachTarget(Consumer<TargetState> action) {
    TargetState single = only;
    if (single != null) {
      action.accept(single);
    } else {
      several.forEach((key, target) -> action.accept(target));
    }
  }

  void forgotten(boolean newForgotten) {
    forgotten = newForgotten;
  }

  /** Whether nothing of this route is left. */
  boolean gone() {
    return forgotten && only == null && several.isEmpty();
  }
}
