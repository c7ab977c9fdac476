package io.proxyetc.internal.http.loop;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/**
 * The working buffers of TLS, one set per IO thread. A connection uses them only within one call,
 * so that an idle connection holds no buffer at all; what does not fit into the socket or into the
 * caller's buffer is copied to a buffer of the connection's own, of just its size, which the budget
 * of the proxy counts.
 *
 * <p>They are on the heap: the JDK's ciphers copy direct buffers piece by piece, while a channel
 * copies a heap buffer once.
 *
 * <p>One instance per proxy; safe for any thread.
 */
public final class TlsBuffers {
  /** The largest record of TLS 1.2 and 1.3 as the JDK reckons it, with room to spare. */
  static final int RECORD = 17 * 1024;

  private static final int RECORDS_RECEIVED = 8;
  private static final int RECORDS_SENT = 4;

  private final ConcurrentHashMap<XnioIoThread, Scratch> perThread = new ConcurrentHashMap<>();
  private final BufferBudget budget;

  public TlsBuffers(BufferBudget budget) {
    this.budget = budget;
  }

  /** The set of an IO thread, to be used on that thread only. */
  Scratch of(XnioIoThread thread) {
    return perThread.computeIfAbsent(thread, t -> new Scratch(budget));
  }

  /** A buffer of a connection's own, of just the size of what is left in another. */
  static ByteBuffer copy(ByteBuffer from) {
    return ByteBuffer.allocate(from.remaining()).put(from).flip();
  }

  /** What a kept buffer costs. */
  static int size(@Nullable ByteBuffer kept) {
    return kept == null ? 0 : kept.capacity();
  }

  /** The buffers of one IO thread. Each is empty between two calls. */
  static final class Scratch {
    /** What was read from the socket. */
    final ByteBuffer received = ByteBuffer.allocate(RECORDS_RECEIVED * RECORD);

    /** What goes to the socket. */
    final ByteBuffer sending = ByteBuffer.allocate(RECORDS_SENT * RECORD);

    /** A decrypted record that is larger than the caller's buffer. */
    final ByteBuffer plain = ByteBuffer.allocate(RECORD);

    private final BufferBudget budget;

    Scratch(BufferBudget budget) {
      this.budget = budget;
    }

    /**
     * Tells the budget what a connection keeps now.
     *
     * @param before what it was told the last time
     * @return {@code now}
     */
    int count(int before, int now) {
      if (now > before) {
        budget.take(now - before);
      } else if (now < before) {
        budget.give(before - now);
      }
      return now;
    }
  }
}
