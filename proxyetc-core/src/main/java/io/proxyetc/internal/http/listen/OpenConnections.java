package io.proxyetc.internal.http.listen;

import io.proxyetc.internal.http.loop.IoLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients' connections that are open: so that they can be drained and closed, and so that no
 * more are accepted than there may be. Any thread.
 */
public final class OpenConnections {
  private final Map<Closable, IoLoop> open = new ConcurrentHashMap<>();
  private final ConnectionLimit limit;
  private volatile boolean closing;

  public OpenConnections(int max) {
    this.limit = new ConnectionLimit(max);
  }

  /** Lets a listener accept only while there is room. */
  public void govern(HttpListener listener) {
    limit.govern(listener);
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
    limit.take();
    if (closing) {
      loop.execute(connection::shutdown); // it came while the listeners closed, and was not told
    }
  }

  public void closed(Closable connection) {
    if (open.remove(connection) != null) {
      limit.give();
    }
  }

  /** How many are open. */
  public int count() {
    return limit.count();
  }

  /** Lets each close when it has nothing more to do. */
  public void shutdown() {
    closing = true;
    limit.leave();
    open.forEach((connection, loop) -> loop.execute(connection::shutdown));
  }

  /** Closes what is still open. */
  public void terminate() {
    open.forEach((connection, loop) -> loop.execute(connection::terminate));
  }
}
