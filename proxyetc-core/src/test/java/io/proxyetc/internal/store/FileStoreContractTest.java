package io.proxyetc.internal.store;

import io.proxyetc.spi.RouteStore;
import io.proxyetc.testkit.StoreContractTest;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileStoreContractTest extends StoreContractTest {
  @TempDir private Path directory;

  @Override
  protected RouteStore open() {
    return new FileRouteStore(directory.resolve("routes.json"));
  }
}
