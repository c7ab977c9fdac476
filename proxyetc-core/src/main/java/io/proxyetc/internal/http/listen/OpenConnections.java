package io.proxyetc.internal.http.listen;

import io.proxyetc.internal.http.loop.IoLoop;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clients' connections that are open: so that they can be drained and closed, and so that no
 * more are accepted than there may be. Any thread.
 */
public final class OpenConnections {
  private final Map<Closable, IoLoop> open = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final List<HttpListener> listeners = new CopyOnWriteArrayList<>();
  private final int max;
  private volatile boolean closing;

  public OpenConnections(int max) {
    this.max = max;
  }

  /** Lets a listener accept only while there is room. */
  public void govern(HttpListener listener) {
    listeners.add(listener);
  }

  /** What can be drained. Called on its own IO thread. */
  public interface Closable {
    /** Close when idle, else after what is under way. */
    void shutdown();

    /** Close now. */
    void terminate();
  }

  public void opened(Closable connection, IoLoop loop) {
    open.put(connection, loop);
    if (count.incrementAndGet() == max) {
      listeners.forEach(HttpListener::pause);
    }
    if (closing) {
      loop.execute(connection::shutdown); // it came while the listeners closed, and was not told
    }
  }

  public void closed(Closable connection) {
    if (open.remove(connection) != null && count.getAndDecrement() == max && !closing) {
      listeners.forEach(HttpListener::open);
    }
  }

  /** How many are open. */
  public int count() {
    return count.get();
  }

  /** Lets each close when it has nothing more to do. */
  public void shutdown() {
    closing = true;
    open.forEach((connection, loop) -> loop.execute(connection::shutdown));
  }

  /** Closes what is still open. */
  public void terminate() {
    open.forEach((connection, loop) -> loop.execute(connection::terminate));
  }
}
