package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyConfig;
import io.proxyetc.ProxyServer;
import io.proxyetc.spi.RouteStore;
import java.nio.file.Path;

/** From a description to a running proxy. */
public final class Assembly {
  private Assembly() {}

  /** Not yet built: the data path follows. */
  public static ProxyServer start(ProxyConfig config) {
    throw new UnsupportedOperationException("under construction");
  }

  /** Not yet built. */
  public static RouteStore fileStore(Path file) {
    throw new UnsupportedOperationException("under construction");
  }
}
