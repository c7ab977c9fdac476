package io.proxyetc.internal.table;

import org.jspecify.annotations.Nullable;

/**
 * Exact hosts to rules: an open-addressed hash table whose slots lie in chunks, so that a change
 * copies one chunk and the list of chunks, some 20 KiB, and shares the rest.
 *
 * <p>A look-up among 100,000 hosts meets cold memory at every step it takes. That is why there is
 * only one: the slot, which holds what {@link HostChunk} says. A tree of nodes with String keys has
 * several, one after the other.
 */
final class HostTable<R> {
  private static final int MASK_IN_CHUNK = HostChunk.SLOTS - 1;

  private final HostChunk<R>[] chunks;
  private final int mask;
  private final int size;

  private HostTable(HostChunk<R>[] chunks, int size) {
    this.chunks = chunks;
    this.mask = (chunks.length << HostChunk.BITS) - 1;
    this.size = size;
  }

  static <R> HostTable<R> empty() {
    return new HostTable<>(chunks(1), 0);
  }

  /**
   * What a request leads to by the rules of its host; null if no rule takes it. Allocates nothing.
   */
  @Nullable R match(RequestKey key) {
    byte[] bytes = key.hostBytes();
    int from = key.hostFrom();
    int to = key.hostTo();
    long first = HostWords.first(bytes, from, to);
    long second = HostWords.second(bytes, from, to);
    long third = HostWords.third(bytes, from, to);
    int hash = HostWords.hash(first, second, third, bytes, from, to);
    for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
      HostChunk<R> chunk = chunks[slot >>> HostChunk.BITS];
      int at = slot & MASK_IN_CHUNK;
      if (chunk.free(at)) {
        return null;
      }
      if (chunk.has(at, first, second, third)) {
        R answer = chunk.answer(at);
        boolean whole = to - from <= HostWords.BYTES;
        if (answer != null && whole) {
          return answer;
        }
        Host<R> host = chunk.host(at);
        if (host != null && (whole || host.hasRest(bytes, from, to, HostWords.BYTES))) {
          return answer != null ? answer : host.match(key);
        }
      }
    }
  }

  @Nullable Rules<R> get(String name) {
    Host<R> host = at(slotOf(name));
    return host == null ? null : host.rules();
  }

  HostTable<R> with(String name, Rules<R> rules) {
    int slot = slotOf(name);
    boolean isNew = at(slot) == null;
    HostTable<R> table = new HostTable<>(copyFor(slot), isNew ? size + 1 : size);
    table.set(slot, new Host<>(name, rules));
    return table.full() ? table.resized(2 * chunks.length) : table;
  }

  /**
   * At half, two hosts of three lie in the first slot that is looked at, or nearly. It is not the
   * further slot that costs, but that the processor cannot guess which one it will be: until the
   * name is there from cold memory, it does not even begin to fetch the answer.
   */
  private boolean full() {
    return size > slots() / 2;
  }

  /** How many there are, taken or free. */
  int slots() {
    return mask + 1;
  }

  HostTable<R> without(String name) {
    int slot = slotOf(name);
    if (at(slot) == null) {
      return this;
    }
    HostTable<R> table = new HostTable<>(copyFor(slot), size - 1);
    table.vacate(slot);
    return chunks.length > 1 && table.size < slots() / 8 ? table.resized(chunks.length / 2) : table;
  }

  /** Where a name is, or where it would go. */
  private int slotOf(String name) {
    int slot = HostWords.hash(name) & mask;
    for (Host<R> host = at(slot); host != null && !host.name().equals(name); host = at(slot)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private @Nullable Host<R> at(int slot) {
    return chunks[slot >>> HostChunk.BITS].host(slot & MASK_IN_CHUNK);
  }

  private void set(int slot, @Nullable Host<R> host) {
    HostChunk<R> chunk = chunks[slot >>> HostChunk.BITS];
    if (host == null) {
      chunk.clear(slot & MASK_IN_CHUNK);
    } else {
      chunk.set(slot & MASK_IN_CHUNK, host);
    }
  }

  /** The chunks, with a copy of the one that a slot lies in. */
  private HostChunk<R>[] copyFor(int slot) {
    HostChunk<R>[] copy = chunks.clone();
    int chunk = slot >>> HostChunk.BITS;
    copy[chunk] = copy[chunk].copy();
    return copy;
  }

  /**
   * Empties a slot of a table nobody has seen yet, and moves up who would not be found behind it.
   */
  private void vacate(int slot) {
    int chunkCopied = slot >>> HostChunk.BITS;
    int free = slot;
    int next = slot;
    while (true) {
      next = (next + 1) & mask;
      Host<R> host = at(next);
      if (host == null) {
        break;
      }
      int home = HostWords.hash(host.name()) & mask;
      if (((next - home) & mask) >= ((next - free) & mask)) {
        set(free, host);
        free = next;
        if (free >>> HostChunk.BITS != chunkCopied) {
          chunkCopied = free >>> HostChunk.BITS;
          chunks[chunkCopied] = chunks[chunkCopied].copy();
        }
      }
    }
    set(free, null);
  }

  private HostTable<R> resized(int newChunks) {
    HostTable<R> table = new HostTable<>(chunks(newChunks), size);
    for (int slot = 0; slot <= mask; slot++) {
      Host<R> host = at(slot);
      if (host != null) {
        table.set(table.slotOf(host.name()), host);
      }
    }
    return table;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private static <R> HostChunk<R>[] chunks(int count) {
    HostChunk<R>[] chunks = new HostChunk[count];
    for (int i = 0; i < count; i++) {
      chunks[i] = new HostChunk<>();
    }
    return chunks;
  }
}
