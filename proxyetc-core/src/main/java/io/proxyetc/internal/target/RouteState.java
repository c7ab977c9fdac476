package io.proxyetc.internal.target;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The live side of a route: where its rotations stand, and its targets. It outlives the snapshots
 * that name it. The cursors are safe for any thread; asking for one takes a short lock, so a plan
 * asks once and keeps it.
 */
public final class RouteState {
  /** No group has this name. */
  private static final String OVER_GROUPS = "";

  private final String id;
  private @Nullable Cursor cursors;

  /** Of the newest switch, be it over or not. */
  private @Nullable SwitchCounts switchCounts;

  /** The target of a route that has one, as most have. Under the registry's lock. */
  private @Nullable TargetState only;

  /** The targets of a route that has more. Under the registry's lock. */
  private Map<TargetKey, TargetState> several = Map.of();

  /** Whether no snapshot names this route any more. Under the registry's lock. */
  private boolean forgotten;

  /** One step of a rotation per request. */
  private static final class Cursor extends AtomicInteger {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialized
    private final String group;

    @SuppressWarnings("serial")
    private final @Nullable Cursor next;

    Cursor(String group, @Nullable Cursor next) {
      this.group = group;
      this.next = next;
    }
  }

  RouteState(String id) {
    this.id = id;
  }

  /** The route's id. */
  public String id() {
    return id;
  }

  /** Where the rotation over the route's groups stands. */
  public AtomicInteger groupCursor() {
    return cursor(OVER_GROUPS);
  }

  /** Where the rotation over the targets of a group stands. */
  public synchronized AtomicInteger cursor(String group) {
    for (Cursor c = cursors; c != null; c = c.next) {
      if (c.group.equals(group)) {
        return c;
      }
    }
    Cursor made = new Cursor(group, cursors);
    cursors = made;
    return made;
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

  /** Takes a target out, if it is this one. */
  boolean remove(TargetState target) {
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
