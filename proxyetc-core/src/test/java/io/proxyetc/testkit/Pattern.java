package io.proxyetc.testkit;

import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A long body whose every byte depends on its place, made as it is read. For one thread. */
public final class Pattern extends InputStream {
  private final long length;
  private long at;

  /** A body of so many bytes. */
  public Pattern(long length) {
    this.length = length;
  }

  @Override
  public int read() {
    return at < length ? valueAt(at++) & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int from, int count) {
    if (at >= length) {
      return -1;
    }
    int n = (int) Math.min(count, length - at);
    for (int i = 0; i < n; i++) {
      target[from + i] = valueAt(at + i);
    }
    at += n;
    return n;
  }

  /** The byte at a place: neighbours and blocks of any power of two differ. */
  private static byte valueAt(long place) {
    return (byte) (place * 31 + (place >>> 8) * 7 + (place >>> 16) * 13);
  }

  /** The digest of a whole body of this length. */
  public static String digest(long length) {
    MessageDigest sha = sha256();
    Pattern pattern = new Pattern(length);
    byte[] buffer = new byte[64 * 1024];
    for (int n = pattern.read(buffer, 0, buffer.length);
        n > 0;
        n = pattern.read(buffer, 0, buffer.length)) {
      sha.update(buffer, 0, n);
    }
    return hex(sha);
  }

  /** An empty SHA-256. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** What a digest has come to, in hex. */
  public static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
