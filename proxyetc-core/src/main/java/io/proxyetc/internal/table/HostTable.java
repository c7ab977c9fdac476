package io.proxyetc.internal.table;

import org.jspecify.annotations.Nullable;

/**
 * Exact hosts to rules: an open-addressed hash table whose slots lie in chunks, so that a change
 * copies one chunk and the list of chunks, some 4 KiB, and shares the rest.
 *
 * <p>A look-up among 100,000 hosts meets cold memory at every step it takes. That is why there are
 * only two: the slot, and the {@link Host}, which holds the start of its name and mostly the answer
 * itself. A tree of nodes with String keys took three times as long.
 */
final class HostTable<R> {
  private static final int CHUNK_BITS = 9;
  private static final int CHUNK = 1 << CHUNK_BITS;

  /** Free slots are null. */
  private final Host<R>[][] chunks;

  private final int mask;
  private final int size;

  private HostTable(Host<R>[][] chunks, int size) {
    this.chunks = chunks;
    this.mask = (chunks.length << CHUNK_BITS) - 1;
    this.size = size;
  }

  static <R> HostTable<R> empty() {
    return new HostTable<>(chunks(1), 0);
  }

  /** The host that consists of these bytes. Allocates nothing. */
  @Nullable Host<R> find(byte[] bytes, int from, int to, int hash) {
    long first = Host.firstWord(bytes, from, to);
    long second = Host.secondWord(bytes, from, to);
    long third = Host.thirdWord(bytes, from, to);
    for (int slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      Host<R> host = at(slot);
      if (host == null || host.is(first, second, third, bytes, from, to)) {
        return host;
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
    Host<R>[][] copy = copyFor(slot);
    set(copy, slot, new Host<>(name, rules));
    HostTable<R> table = new HostTable<>(copy, isNew ? size + 1 : size);
    return table.size > (mask + 1) / 2 ? table.resized(2 * chunks.length) : table;
  }

  HostTable<R> without(String name) {
    int slot = slotOf(name);
    if (at(slot) == null) {
      return this;
    }
    HostTable<R> table = new HostTable<>(copyFor(slot), size - 1);
    table.vacate(slot);
    return chunks.length > 1 && table.size < (mask + 1) / 8
        ? table.resized(chunks.length / 2)
        : table;
  }

  /** Where a name is, or where it would go. */
  private int slotOf(String name) {
    int slot = spread(name.hashCode()) & mask;
    for (Host<R> host = at(slot); host != null && !host.name().equals(name); host = at(slot)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private @Nullable Host<R> at(int slot) {
    return chunks[slot >>> CHUNK_BITS][slot & (CHUNK - 1)];
  }

  /** The chunks, with a copy of the one that a slot lies in. */
  private Host<R>[][] copyFor(int slot) {
    Host<R>[][] copy = chunks.clone();
    int chunk = slot >>> CHUNK_BITS;
    copy[chunk] = copy[chunk].clone();
    return copy;
  }

  /**
   * Empties a slot of a table nobody has seen yet, and moves up who would not be found behind it.
   */
  private void vacate(int slot) {
    int chunkCopied = slot >>> CHUNK_BITS;
    int free = slot;
    int next = slot;
    while (true) {
      next = (next + 1) & mask;
      Host<R> host = at(next);
      if (host == null) {
        break;
      }
      int home = spread(host.name().hashCode()) & mask;
      if (((next - home) & mask) >= ((next - free) & mask)) {
        set(chunks, free, host);
        free = next;
        if (free >>> CHUNK_BITS != chunkCopied) {
          chunkCopied = free >>> CHUNK_BITS;
          chunks[chunkCopied] = chunks[chunkCopied].clone();
        }
      }
    }
    set(chunks, free, null);
  }

  private HostTable<R> resized(int newChunks) {
    HostTable<R> table = new HostTable<>(chunks(newChunks), size);
    for (Host<R>[] chunk : chunks) {
      for (Host<R> host : chunk) {
        if (host != null) {
          set(table.chunks, table.slotOf(host.name()), host);
        }
      }
    }
    return table;
  }

  @SuppressWarnings("NullAway") // free slots are null: it cannot be told of arrays of arrays yet
  private static <R> void set(Host<R>[][] chunks, int slot, @Nullable Host<R> host) {
    chunks[slot >>> CHUNK_BITS][slot & (CHUNK - 1)] = host;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private static <R> Host<R>[][] chunks(int count) {
    return new Host[count][CHUNK];
  }

  private static int spread(int hash) {
    int spread = hash * 0x9E3779B9;
    return spread ^ (spread >>> 15);
  }
}
