package io.proxyetc.spi;

import io.proxyetc.ProxyServer;
import io.proxyetc.ProxyStats;
import io.proxyetc.Routes;
import io.proxyetc.TargetStatus;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** What the proxy offers to its extensions. */
public interface ProxyContext {
  /** The live routes. */
  Routes routes();

  /** How each target stands now: see {@link ProxyServer#targets}. */
  List<TargetStatus> targets();

  /** What the proxy has counted so far. */
  ProxyStats stats();

  /**
   * Hears of the same events as the notifiers, behind a queue of its own, until the proxy closes.
   */
  void onEvent(HealthNotifier listener);

  /** For short work that may block a little; ends with the proxy. */
  ScheduledExecutorService executor();
}
