package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.ProxyContext;
import io.proxyetc.spi.ProxyExtension;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts what a program adds to the proxy, and closes it, which may take its time but not for ever.
 */
final class Extensions {
  private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Extensions() {}

  static void start(List<ProxyExtension> extensions, ProxyContext context, CloseStack parts) {
    start(extensions, context, parts, PATIENCE);
  }

  static void start(
      List<ProxyExtension> extensions, ProxyContext context, CloseStack parts, Duration patience) {
    for (ProxyExtension extension : extensions) {
      String name = "extension " + extension.getClass().getName();
      try {
        extension.start(context);
      } catch (Throwable e) { // also a checked exception, which other languages may throw anywhere
        String reason = e instanceof ProxyException ? e.getMessage() : e.toString();
        throw new ProxyException(name + " did not start: " + reason, e);
      }
      parts.add(() -> close(name, extension, patience));
    }
  }

  private static void close(String name, ProxyExtension extension, Duration patience) {
    Runnable close =
        () -> {
          try {
            extension.close();
          } catch (Throwable e) {
            LOG.warn("{} did not close cleanly", name, e);
          }
        };
    Thread closing = new Thread(close, Thread.currentThread().getName() + "-extension");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      LOG.warn(
          "{} does not close within {} s: it is left to itself",
          name,
          patience.toMillis() / 1000.0);
    }
  }
}
