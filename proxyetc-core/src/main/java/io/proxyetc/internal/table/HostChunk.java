package io.proxyetc.internal.table;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Some slots of a {@link HostTable}. What a look-up reads lies in the slot itself: the length and
 * the first {@value #IN_WORDS} bytes of the host's name, as three words, and the answer, where the
 * host has one rule that takes every request. So it is found out in one visit to cold memory, not
 * in three one after the other, whose host a slot is and where its requests go.
 *
 * <p>Changed only by who made it, before anybody else sees it.
 */
final class HostChunk<R> {
  static final int BITS = 9;
  static final int SLOTS = 1 << BITS;

  /** How many bytes of a name the three words hold beside its length. */
  static final int IN_WORDS = 23;

  private static final int WORDS = 3;
  private static final int LENGTH_SHIFT = 56;

  /** Three for each slot; the third is 0 where it is free, as no name is empty. */
  private final long[] words;

  private final @Nullable R[] answers;
  private final @Nullable Host<R>[] hosts;

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generic types
  HostChunk() {
    words = new long[WORDS * SLOTS];
    answers = (R[]) new Object[SLOTS];
    hosts = new Host[SLOTS];
  }

  private HostChunk(HostChunk<R> other) {
    words = other.words.clone();
    answers = other.answers.clone();
    hosts = other.hosts.clone();
  }

  HostChunk<R> copy() {
    return new HostChunk<>(this);
  }

  boolean free(int slot) {
    return words[WORDS * slot + 2] == 0;
  }

  /** Whether a slot's host has these words; one with a longer name wants {@link Host#hasRest}. */
  boolean has(int slot, long first, long second, long third) {
    int at = WORDS * slot;
    return words[at] == first && words[at + 1] == second && words[at + 2] == third;
  }

  /** Where all requests for a slot's host go; null: its rules tell. */
  @Nullable R answer(int slot) {
    return answers[slot];
  }

  /** The host in a slot; null where it is free. */
  @Nullable Host<R> host(int slot) {
    return hosts[slot];
  }

  void set(int slot, Host<R> host) {
    byte[] name = host.name().getBytes(StandardCharsets.ISO_8859_1);
    int at = WORDS * slot;
    words[at] = firstWord(name, 0, name.length);
    words[at + 1] = secondWord(name, 0, name.length);
    words[at + 2] = thirdWord(name, 0, name.length);
    answers[slot] = host.rules().always();
    hosts[slot] = host;
  }

  void clear(int slot) {
    int at = WORDS * slot;
    words[at] = 0;
    words[at + 1] = 0;
    words[at + 2] = 0;
    answers[slot] = null;
    hosts[slot] = null;
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
