package io.proxyetc;

import java.time.Duration;

/** Refuses numbers and times that are out of bounds, naming the field. */
final class Bounds {
  private Bounds() {}

  static void check(String field, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InvalidRouteException(field, value + " is not between " + least + " and " + most);
    }
  }

  /**
   * @param zero whether 0 is allowed, too: it means none
   */
  static void check(String field, Duration value, Duration least, Duration most, boolean zero) {
    if (zero && value.isZero()) {
      return;
    }
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidRouteException(
          field,
          SecondsText.of(value)
              + (zero ? " is neither 0 nor between " : " is not between ")
              + SecondsText.of(least)
              + " and "
              + SecondsText.of(most));
    }
  }
}
