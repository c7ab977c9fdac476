package io.proxyetc.examples;

import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.TargetView;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A balancer of one's own: requests of one user, as the field {@code X-User} names him, go to the
 * same target as long as it can be reached, and then to the one behind it. Whoever has no name goes
 * by his address.
 *
 * <pre>{@code
 * ProxyServer.builder().balancer("by-user", new ByUser())…
 * Route.builder("app").to("http://a:3000", "http://b:3000").balancer("by-user")…
 * }</pre>
 */
public final class ByUser implements Balancer {
  @Override
  public Picker over(List<TargetView> targets) {
    int[] open = // a target of weight 0 gets no new traffic
        IntStream.range(0, targets.size())
            .filter(i -> targets.get(i).target().weight() > 0)
            .toArray();
    return (request, attempt) -> {
      if (attempt >= open.length) {
        return -1;
      }
      String user = request.header("X-User");
      int hash = user == null ? request.client().hashCode() : user.hashCode();
      return open[Math.floorMod(hash + attempt, open.length)];
    };
  }
}
