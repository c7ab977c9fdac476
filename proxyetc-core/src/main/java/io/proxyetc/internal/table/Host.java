package io.proxyetc.internal.table;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A host with its rules. The length and the first 23 bytes of its name are kept in place, as
 * following the name to its bytes would cost two more visits to cold memory; and so is the answer,
 * where there is one rule that takes every request.
 */
final class Host<R> {
  /** How many bytes of a name the three words hold beside its length. */
  private static final int IN_WORDS = 23;

  private static final int LENGTH_SHIFT = 56;

  private final long first;
  private final long second;
  private final long third;
  private final String name;
  private final Rules<R> rules;
  private final @Nullable R always;

  Host(String name, Rules<R> rules) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    this.first = firstWord(bytes, 0, bytes.length);
    this.second = secondWord(bytes, 0, bytes.length);
    this.third = thirdWord(bytes, 0, bytes.length);
    this.name = name;
    this.rules = rules;
    this.always = rules.always();
  }

  String name() {
    return name;
  }

  Rules<R> rules() {
    return rules;
  }

  /** What the request leads to; null if none of the host's rules takes it. */
  @Nullable R match(RequestKey key) {
    if (always != null) {
      return always;
    }
    Rule<R> rule = rules.first(key);
    return rule == null ? null : rule.plan();
  }

  /** Whether this is the host of these bytes, whose words the caller has. */
  boolean is(long word1, long word2, long word3, byte[] bytes, int from, int to) {
    return first == word1
        && second == word2
        && third == word3
        && (to - from <= IN_WORDS || hasRest(bytes, from, to));
  }

  private boolean hasRest(byte[] bytes, int from, int to) {
    if (name.length() != to - from) {
      return false;
    }
    for (int i = to - from - 1; i >= IN_WORDS; i--) {
      if (name.charAt(i) != (bytes[from + i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  static long firstWord(byte[] bytes, int from, int to) {
    return word(bytes, from, Math.min(to, from + 8));
  }

  static long secondWord(byte[] bytes, int from, int to) {
    return word(bytes, from + 8, Math.min(to, from + 16));
  }

  /** The bytes behind the second word, below the length of the name. */
  static long thirdWord(byte[] bytes, int from, int to) {
    long length = Math.min(to - from, 255);
    return word(bytes, from + 16, Math.min(to, from + IN_WORDS)) | length << LENGTH_SHIFT;
  }

  private static long word(byte[] bytes, int from, int to) {
    long word = 0;
    for (int i = to - 1; i >= from; i--) {
      word = word << 8 | (bytes[i] & 0xff);
    }
    return word;
  }
}
