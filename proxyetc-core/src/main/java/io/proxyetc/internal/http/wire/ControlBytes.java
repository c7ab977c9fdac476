package io.proxyetc.internal.http.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds control bytes in what should be text: every byte of every head is looked at. */
final class ControlBytes {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long SPACES = 0x2020202020202020L;
  private static final long DELETES = 0x7f7f7f7f7f7f7f7fL;

  private ControlBytes() {}

  /** Where the first one stands (0 to 0x1f, or 0x7f), or {@code to}. */
  static int find(byte[] bytes, int from, int to) {
    int i = from;
    while (i <= to - Long.BYTES && !among((long) EIGHT.get(bytes, i))) {
      i += Long.BYTES;
    }
    while (i < to && !is(bytes[i])) {
      i++;
    }
    return i;
  }

  private static boolean is(byte b) {
    return (b >= 0 && b < ' ') || b == 0x7f;
  }

  /** Whether one is among eight bytes: subtracting borrows from the high bit where one is less. */
  private static boolean among(long eight) {
    long noDeletes = eight ^ DELETES;
    long below = (eight - SPACES) & ~eight;
    long zero = (noDeletes - ONES) & ~noDeletes;
    return ((below | zero) & HIGH) != 0;
  }
}
