package io.proxyetc.spi;

import io.proxyetc.Routes;
import java.util.concurrent.ScheduledExecutorService;

/** What the proxy offers to its extensions. */
public interface ProxyContext {
  /** The live routes. */
  Routes routes();

  /**
   * Hears of the same events as the notifiers, behind a queue of its own, until the proxy closes.
   */
  void onEvent(HealthNotifier listener);

  /** For short work that may block a little; ends with the proxy. */
  ScheduledExecutorService executor();
}
