package io.proxyetc.internal.balance;

import io.proxyetc.spi.RequestView;

/**
 * The same key goes to the same target. Each key has its own order of all targets: as it meets them
 * on the ring, from its hash on. The first of them that works and has room below its bound is the
 * first candidate, and the order goes on from there, round and round. A target that goes and one
 * that is down leave their keys to the same others.
 */
final class ConsistentHash implements BoundedPicker {
  /**
   * So many points of the ring are looked at. In the order of a key, who is not met among them
   * comes behind all that are, in the order of the list.
   */
  private static final int WINDOW = 64;

  private final WeightedTargets targets;
  private final HashRing ring;
  private final HashKey key;
  private final LoadBound bound;
  private final int window;

  ConsistentHash(WeightedTargets targets, HashKey key, LoadBound bound) {
    this.targets = targets;
    this.key = key;
    this.bound = bound;
    String[] ids = new String[targets.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = targets.id(i);
    }
    this.ring = new HashRing(ids, targets.weights());
    this.window = Math.min(WINDOW, ring.size());
  }

  @Override
  public int bound(int index) {
    return bound.bound(index, bound.total());
  }

  @Override
  public int pick(RequestView request, int attempt) {
    if (attempt >= targets.positive()) {
      return -1;
    }
    // The pipelines ask with a view that knows hashes, as Balancers says.
    int start = ring.at(key.of((HashView) request));
    return attempt == 0 ? first(start) : after(request.previous(), start);
  }

  private int first(int start) {
    int home = ring.owner(start);
    return !targets.suspect(home) && bound.room(home) ? home : away(start, home);
  }

  private int away(int start, int home) {
    long now = targets.now();
    bound.recount(now);
    int found = find(start, now, true);
    if (found < 0) {
      // Some are down that were not when last looked, or the total lagged behind.
      bound.recountNow(now);
      found = find(start, now, true);
    }
    if (found < 0) {
      found = find(start, now, false);
    }
    return found >= 0 ? found : home;
  }

  /** The first that works, and has room if that is asked for; -1: none. */
  private int find(int start, long now, boolean room) {
    int total = bound.total();
    for (int step = 0; step < window; step++) {
      int index = ring.owner(start + step);
      if (fits(index, now, room, total)) {
        return index;
      }
    }
    int index = ring.owner(start);
    for (int n = targets.positive(); n > 0; n--) {
      index = targets.behind(index);
      if (fits(index, now, room, total)) {
        return index;
      }
    }
    return -1;
  }

  private boolean fits(int index, long now, boolean room, int total) {
    return !targets.skipped(index, now) && (!room || bound.room(index, total));
  }

  /** The next in the order of the key that begins at {@code start}. */
  private int after(int previous, int start) {
    int met = firstMet(previous, start);
    for (int step = met + 1; met >= 0 && step < window; step++) {
      int index = ring.owner(start + step);
      if (firstMet(index, start) == step) {
        return index;
      }
    }
    // Those that were not met, from behind the home round to it; and then it all begins anew.
    int home = ring.owner(start);
    int index = targets.behind(met >= 0 ? home : previous);
    while (index != home && firstMet(index, start) >= 0) {
      index = targets.behind(index);
    }
    return index;
  }

  /** At which step from {@code start} an index is first met; -1: not within the window. */
  private int firstMet(int index, int start) {
    for (int step = 0; step < window; step++) {
      if (ring.owner(start + step) == index) {
        return step;
      }
    }
    return -1;
  }
}
