package io.proxyetc.internal.table;

import io.proxyetc.internal.target.TargetState;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Some slots of a {@link HostTable}. What a look-up reads lies in the slot itself: the host's name
 * as {@link HostWords}, and the answer, where the host has one rule that takes every request. So it
 * is found out in one visit to cold memory, not in three one after the other, whose host a slot is
 * and where its requests go. Beside the answer lies the target that all its requests go to, where
 * there is one: both are on their way to the processor at once.
 *
 * <p>Changed only by who made it, before anybody else sees it.
 */
final class HostChunk<R> {
  static final int BITS = 9;
  static final int SLOTS = 1 << BITS;

  private static final int WORDS = 3;

  /** Three for each slot; the third is 0 where it is free, as no name is empty. */
  private final long[] words;

  /** Two for each slot: the answer, and its only target. */
  private final @Nullable Object[] answers;

  private final @Nullable Host<R>[] hosts;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  HostChunk() {
    words = new long[WORDS * SLOTS];
    answers = new Object[2 * SLOTS];
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
  @SuppressWarnings("unchecked") // set() puts nothing else there
  @Nullable R answer(int slot) {
    TargetState target = (TargetState) answers[2 * slot + 1];
    if (target != null) {
      target.foresee();
    }
    return (R) answers[2 * slot];
  }

  /** The host in a slot; null where it is free. */
  @Nullable Host<R> host(int slot) {
    return hosts[slot];
  }

  void set(int slot, Host<R> host) {
    byte[] name = host.name().getBytes(StandardCharsets.ISO_8859_1);
    int at = WORDS * slot;
    words[at] = HostWords.first(name, 0, name.length);
    words[at + 1] = HostWords.second(name, 0, name.length);
    words[at + 2] = HostWords.third(name, 0, name.length);
    R answer = host.rules().always();
    answers[2 * slot] = answer;
    answers[2 * slot + 1] = answer instanceof ToTargets plan ? plan.only() : null;
    hosts[slot] = host;
  }

  void clear(int slot) {
    int at = WORDS * slot;
    words[at] = 0;
    words[at + 1] = 0;
    words[at + 2] = 0;
    answers[2 * slot] = null;
    answers[2 * slot + 1] = null;
    hosts[slot] = null;
  }
}
