package io.proxyetc.internal.store;

import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore.State;
import io.proxyetc.spi.RouteStore.StoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a store's listener, and survives it, its errors too: the store's thread must go on. */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final StoreListener listener;

  Delivery(StoreListener listener) {
    this.listener = listener;
  }

  void snapshot(RouteSnapshot snapshot) {
    try {
      listener.onSnapshot(snapshot);
    } catch (RuntimeException | Error e) {
      LOG.error("revision {} could not be made live", snapshot.revision(), e);
    }
  }

  void state(State state, String detail) {
    try {
      listener.onState(state, detail);
    } catch (RuntimeException | Error e) {
      LOG.error("the store's state {} ({}) could not be told", state, detail, e);
    }
  }
}
