package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteConflictException;
import io.proxyetc.Routes;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** What a store begins with that has never held a route. */
final class FirstRoutes {
  private static final int PATIENCE_SECONDS = 30; // 100,000 routes take a while to write

  private FirstRoutes() {}

  /**
   * Puts them, as one revision, where the store is at its beginning. Blocks.
   *
   * @param files refuses a route of which a file cannot be used: nothing is stored then
   */
  static void put(Routes routes, List<Route> first, Consumer<Route> files) {
    if (first.isEmpty() || routes.revision() > 0) {
      return;
    }
    first.forEach(files);
    List<Edit> edits = first.stream().map(route -> Edit.put(route, 0)).toList();
    RouteChange change = new RouteChange(edits, "start", "the first content of an empty store");
    try {
      routes.apply(change).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RouteConflictException) {
        return; // another proxy on the same store was faster: it is not empty any more
      }
      if (e.getCause() instanceof ProxyException cause) {
        throw cause;
      }
      throw new ProxyException("the first routes could not be put: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new ProxyException(
          "the first routes were not live within " + PATIENCE_SECONDS + " s: is the store slow?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProxyException("interrupted while the first routes were put", e);
    }
  }
}
