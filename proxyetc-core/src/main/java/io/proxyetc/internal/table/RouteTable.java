package io.proxyetc.internal.table;

import io.proxyetc.spi.StoredRoute;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Under construction. */
public final class RouteTable<R> {
  private RouteTable() {}

  public static <R> RouteTable<R> empty() {
    return new RouteTable<>();
  }

  /** The revision of the store that this table was compiled from; 0: none yet. */
  public long revision() {
    return 0;
  }

  public @Nullable R match(RequestKey key) {
    return null;
  }

  public Collection<StoredRoute> routes() {
    return List.of();
  }

  public @Nullable StoredRoute stored(String id) {
    return null;
  }

  public Map<String, String> refused() {
    return Map.of();
  }
}
