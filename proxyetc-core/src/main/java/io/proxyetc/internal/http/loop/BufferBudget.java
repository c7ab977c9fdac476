package io.proxyetc.internal.http.loop;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes wait for slow readers, over all IO threads of a proxy. Any thread. */
public final class BufferBudget {
  private final long max;
  private final AtomicLong used = new AtomicLong();

  public BufferBudget(long max) {
    this.max = max;
  }

  void take(int bytes) {
    used.addAndGet(bytes);
  }

  void give(int bytes) {
    used.addAndGet(-bytes);
  }

  /** Whether new requests are to be turned away. */
  public boolean exhausted() {
    return used.get() >= max;
  }

  /** Bytes waiting now. */
  public long used() {
    return used.get();
  }
}
