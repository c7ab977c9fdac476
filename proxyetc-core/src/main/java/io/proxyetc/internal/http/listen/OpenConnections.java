package io.proxyetc.internal.http.listen;

import io.proxyetc.internal.http.loop.IoLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The clients' connections that are open, so that they can be drained and closed. Any thread. */
public final class OpenConnections {
  private final Map<Closable, IoLoop> open = new ConcurrentHashMap<>();

  /** What can be drained. Called on its own IO thread. */
  interface Closable {
    /** Close when idle, else after what is under way. */
    void shutdown();

    /** Close now. */
    void terminate();
  }

  void opened(Closable connection, IoLoop loop) {
    open.put(connection, loop);
  }

  void closed(Closable connection) {
    open.remove(connection);
  }

  /** How many are open. */
  public int count() {
    return open.size();
  }

  /** Lets each close when it has nothing more to do. */
  public void shutdown() {
    open.forEach((connection, loop) -> loop.execute(connection::shutdown));
  }

  /** Closes what is still open. */
  public void terminate() {
    open.forEach((connection, loop) -> loop.execute(connection::terminate));
  }
}
