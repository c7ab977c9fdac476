package io.proxyetc.internal.store;

import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore.State;
import io.proxyetc.spi.RouteStore.StoreListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears a store that somebody else wrote: one call at a time, whatever threads it calls on; nothing
 * that is null; nothing after the end; and it never throws into the store.
 */
final class GuardedListener implements StoreListener {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

  private final String name;
  private final Delivery delivery;

  private boolean heard; // guarded by this
  private volatile boolean closed;

  GuardedListener(String name, StoreListener to) {
    this.name = name;
    this.delivery = new Delivery(to);
  }

  @Override
  public synchronized void onSnapshot(@Nullable RouteSnapshot snapshot) {
    if (closed) {
      return;
    }
    if (snapshot == null) {
      LOG.error("{}: a snapshot that is null is ignored", name);
      return;
    }
    heard = true;
    delivery.snapshot(snapshot);
  }

  @Override
  public synchronized void onState(@Nullable State state, @Nullable String detail) {
    if (closed) {
      return;
    }
    if (state == null) {
      LOG.error("{}: a state that is null is ignored", name);
      return;
    }
    delivery.state(state, detail == null ? "" : detail);
  }

  /** The store is away for this reason, unless it has delivered. */
  synchronized void unlessHeard(String reason) {
    if (!heard) {
      onState(State.STALE, reason);
    }
  }

  void close() {
    closed = true;
  }
}
