package io.proxyetc.internal.store;

import io.proxyetc.spi.RouteStore;
import io.proxyetc.testkit.StoreContractTest;

class MemoryRouteStoreTest extends StoreContractTest {
  @Override
  protected RouteStore open() {
    return new MemoryRouteStore();
  }

  @Override
  protected boolean durable() {
    return false;
  }
}
