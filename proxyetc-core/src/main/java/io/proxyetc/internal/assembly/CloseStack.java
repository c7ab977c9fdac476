package io.proxyetc.internal.assembly;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started, to be closed in the opposite order; a part that fails to close keeps no other
 * from it.
 */
final class CloseStack implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CloseStack.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** A part that closes another one, too, which was here before it was made. */
  <T extends AutoCloseable> T add(T part, AutoCloseable inItsCare) {
    parts.remove(inItsCare);
    return add(part);
  }

  @Override
  public void close() {
    for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception | Error e) { // a library that is gone must not keep the ports open
        LOG.warn("a part of the proxy did not close cleanly", e);
      }
    }
  }
}
