package io.proxyetc.internal.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A hash of 64 bits, of which any few are as good as any others. The same bytes have the same hash
 * on every machine and in every version that a fleet may mix: where a request goes depends on it.
 * No secret is in it: who makes many keys that meet is stopped by the bound on the load.
 */
public final class Hash64 {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // Odd, and with as many bits set as not, in no pattern: digits of the golden ratio and of pi.
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final long PI = 0x243f6a8885a308d3L;

  private Hash64() {}

  /** The hash of these bytes; never 0. Allocates nothing. */
  public static long of(byte[] bytes, int from, int to) {
    long hash = GOLDEN + (to - from);
    int at = from;
    for (; to - at >= Long.BYTES; at += Long.BYTES) {
      hash = fold(hash ^ (long) WORD.get(bytes, at));
    }
    long rest = 0;
    for (; at < to; at++) {
      rest = rest << Byte.SIZE | bytes[at] & 0xff;
    }
    hash = mix(fold(hash ^ rest));
    return hash != 0 ? hash : 1;
  }

  /** The hash of a text's bytes in UTF-8; never 0. Allocates. */
  public static long of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return of(bytes, 0, bytes.length);
  }

  /** The n-th of any number of hashes that one hash leads to. */
  static long derived(long hash, int n) {
    return mix(hash + n * GOLDEN);
  }

  /** A product of 128 bits, one half over the other: each bit meets each. */
  private static long fold(long x) {
    return x * PI ^ Math.multiplyHigh(x, PI);
  }

  /** Lets each bit reach each, and loses nothing: no two numbers become one. */
  private static long mix(long x) {
    long y = (x ^ x >>> 32) * GOLDEN;
    y = (y ^ y >>> 29) * PI;
    return y ^ y >>> 32;
  }
}
