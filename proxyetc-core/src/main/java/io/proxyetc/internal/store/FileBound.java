package io.proxyetc.internal.store;

import io.proxyetc.RouteJson;
import java.util.Locale;
import java.util.Optional;

/**
 * How large a file of routes may be, so that whatever comes to stand in its place does not take all
 * of the memory. Its bytes are held several times while they are read; what it becomes is bounded
 * by its texts in quotes, since routes take memory by the values that they have.
 *
 * @param bytes at most
 * @param texts in quotes, at most
 */
record FileBound(long bytes, long texts) {
  /** A text in quotes becomes about 110 bytes of a live table; an edit holds two tables. */
  private static final int HEAP_PER_TEXT = 290;

  /** A text is held about three times, beside what it becomes, while it is read or written. */
  private static final int HEAP_PER_BYTE = 8;

  /** What this JVM has room for. */
  static FileBound ofThisJvm() {
    long heap = Runtime.getRuntime().maxMemory();
    return new FileBound(Math.min(RouteJson.MAX_FILE, heap / HEAP_PER_BYTE), heap / HEAP_PER_TEXT);
  }

  /** For what the store has written itself: the same routes take more room there than by hand. */
  FileBound forCopies() {
    return new FileBound(Math.min(RouteJson.MAX_FILE, 2 * bytes), 2 * texts);
  }

  /** Why so many bytes cannot be; empty if they can. */
  Optional<String> excess(long size) {
    return size <= bytes
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "is larger than the %,d bytes that a file of routes may have with this heap: check"
                    + " that it is the right file, or give the JVM more memory (-Xmx)",
                bytes));
  }

  /** Why this text cannot be; empty if it can. */
  Optional<String> excess(byte[] text) {
    long quotes = 0;
    for (byte b : text) {
      quotes += b == '"' ? 1 : 0;
    }
    if (quotes / 2 <= texts) {
      return excess((long) text.length);
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "the file holds %,d texts in quotes, but this heap has room for the routes of %,d: remove"
                + " routes, or give the JVM more memory (-Xmx)",
            quotes / 2,
            texts));
  }
}
