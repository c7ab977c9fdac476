package io.proxyetc.spi;

/** A part that starts and stops with the proxy, such as an admin page. */
public interface ProxyExtension extends AutoCloseable {
  /**
   * Called once, after the listeners are bound and the first routes are live. What it throws stops
   * the start.
   */
  void start(ProxyContext context);

  /**
   * Called once, before the proxy drains. May block for a while: after 10 s the proxy closes
   * without it. What it throws is logged.
   */
  @Override
  void close();
}
