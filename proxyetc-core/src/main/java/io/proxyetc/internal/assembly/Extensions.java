package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.ProxyContext;
import io.proxyetc.spi.ProxyExtension;
import java.util.List;

/** Starts what a program adds to the proxy. */
final class Extensions {
  private Extensions() {}

  static void start(List<ProxyExtension> extensions, ProxyContext context, CloseStack parts) {
    for (ProxyExtension extension : extensions) {
      try {
        extension.start(context);
      } catch (RuntimeException | LinkageError e) {
        String reason = e instanceof ProxyException ? e.getMessage() : e.toString();
        throw new ProxyException(
            "extension " + extension.getClass().getName() + " did not start: " + reason, e);
      }
      parts.add(extension);
    }
  }
}
