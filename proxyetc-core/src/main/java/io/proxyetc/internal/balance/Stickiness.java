package io.proxyetc.internal.balance;

import io.proxyetc.internal.target.TargetState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The targets of a route at which clients may be kept, by the values of their cookies. A look-up
 * takes three long numbers out of the value's bytes, and allocates nothing. Immutable; any thread.
 */
public final class Stickiness {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L; // 2^64 by the golden ratio

  private final List<Place> places;

  /** Open addressing; a power of two, and more than half of it empty. */
  private final @Nullable Place[] table;

  /** Where a client may be kept. */
  public static final class Place {
    private final int group;
    private final TargetState target;
    private final String value;
    private final long first;
    private final long second;
    private final long third;

    private Place(int group, TargetState target, byte[] value) {
      this.group = group;
      this.target = target;
      this.value = new String(value, StandardCharsets.US_ASCII);
      this.first = word(value, 0);
      this.second = word(value, Long.BYTES);
      this.third = word(value, 2 * Long.BYTES);
    }

    /** The number of the target's group, in the list that the table was made of. */
    public int group() {
      return group;
    }

    public TargetState target() {
      return target;
    }

    /** What the cookie holds. */
    public String value() {
      return value;
    }

    /** Takes the same time wherever the two differ: nobody finds out a value bit by bit. */
    private boolean is(long a, long b, long c) {
      return ((first ^ a) | (second ^ b) | (third ^ c)) == 0;
    }
  }

  private Stickiness(List<Place> places) {
    this.places = List.copyOf(places);
    this.table = new @Nullable Place[Integer.highestOneBit(Math.max(1, places.size())) * 4];
    for (Place place : places) {
      int slot = slot(place.first);
      while (table[slot] != null) {
        slot = next(slot);
      }
      table[slot] = place;
    }
  }

  /**
   * Off the IO threads, since it computes a hash for each target.
   *
   * @param groups the targets of each group; none for a group in which nobody is kept
   */
  public static Stickiness of(SessionKey key, List<List<TargetState>> groups) {
    List<Place> places = new ArrayList<>();
    for (int group = 0; group < groups.size(); group++) {
      for (TargetState target : groups.get(group)) {
        byte[] value = key.value(target.routeId(), target.group().name(), target.target().id());
        places.add(new Place(group, target, value));
      }
    }
    return new Stickiness(places);
  }

  /** Where whoever shows this value is kept; null where it is nobody's. */
  public @Nullable Place find(byte[] bytes, int from, int to) {
    if (to - from != SessionKey.LENGTH) {
      return null;
    }
    long first = word(bytes, from);
    long second = word(bytes, from + Long.BYTES);
    long third = word(bytes, from + 2 * Long.BYTES);
    for (int slot = slot(first); ; slot = next(slot)) {
      Place place = table[slot];
      if (place == null || place.is(first, second, third)) {
        return place;
      }
    }
  }

  /** All of them. */
  public List<Place> places() {
    return places;
  }

  private static long word(byte[] bytes, int at) {
    return (long) WORDS.get(bytes, at);
  }

  /** The values are hashes: a few of their bits tell enough. */
  private int slot(long first) {
    return (int) (first * SPREAD >>> 32) & (table.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (table.length - 1);
  }
}
