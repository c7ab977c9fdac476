package io.proxyetc.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import io.proxyetc.ProxyStats;
import io.proxyetc.Routes;
import io.proxyetc.TargetStatus;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.spi.ProxyContext;
import io.proxyetc.spi.ProxyExtension;
import io.proxyetc.testkit.Sneaky;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Extensions of users that throw or do not return: the proxy starts clearly and ends for sure. */
class ExtensionsTest {
  private final CloseStack parts = new CloseStack();
  private final List<String> closed = new ArrayList<>();

  @Test
  void oneThatDoesNotCloseKeepsNoOtherFromIt() {
    CountDownLatch go = new CountDownLatch(1);
    start(Duration.ofMillis(50), context -> {}, () -> closed.add("first"));
    start(Duration.ofMillis(50), context -> {}, () -> awaitQuietly(go));
    start(
        Duration.ofSeconds(30),
        context -> {},
        () -> {
          throw new NoClassDefFoundError("com/acme/Page");
        });
    parts.close();
    assertEquals(List.of("first"), closed);
    go.countDown();
  }

  @Test
  void oneOfWhichALibraryIsMissingIsNamed() {
    NoClassDefFoundError missing = new NoClassDefFoundError("com/acme/Page");
    ProxyException fault =
        assertThrows(
            ProxyException.class,
            () ->
                start(
                    Duration.ofSeconds(30),
                    context -> {
                      throw missing;
                    },
                    () -> closed.add("never started")));
    assertEquals(
        "extension "
            + Extension.class.getName()
            + " did not start: java.lang.NoClassDefFoundError: com/acme/Page",
        fault.getMessage());
    assertSame(missing, fault.getCause());
    parts.close();
    assertEquals(List.of(), closed);
  }

  /** Nothing was freed: the port stayed bound, and the threads kept the JVM. */
  @Test
  void whateverOneThrowsItIsNamedAndAllIsFreed() {
    IOException checked = new IOException("no disk");
    List<ScheduledExecutorService> parts = new ArrayList<>();
    ProxyServer.Builder proxy =
        ProxyServer.builder()
            .http("127.0.0.1", 0)
            .with(
                new Extension(
                    context -> {
                      parts.add(context.executor());
                      throw Sneaky.thrown(checked);
                    },
                    () -> {}));
    ProxyException fault = assertThrows(ProxyException.class, proxy::start);
    assertSame(checked, fault.getCause(), fault.getMessage());
    assertTrue(parts.get(0).isShutdown());
  }

  /** A part that fails with an error would keep ports and threads of the others. */
  @Test
  void anErrorOfOnePartKeepsNoOtherFromClosing() {
    parts.add(() -> closed.add("ports"));
    parts.add(
        () -> {
          throw new NoClassDefFoundError("com/acme/Page");
        });
    parts.close();
    assertEquals(List.of("ports"), closed);
  }

  private void start(Duration patience, Consumer<ProxyContext> start, Runnable close) {
    Extensions.start(List.of(new Extension(start, close)), new Nothing(), parts, patience);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Extension(Consumer<ProxyContext> begin, Runnable end) implements ProxyExtension {
    @Override
    public void start(ProxyContext context) {
      begin.accept(context);
    }

    @Override
    public void close() {
      end.run();
    }
  }

  /** Offers nothing. */
  private static final class Nothing implements ProxyContext {
    @Override
    public List<TargetStatus> targets() {
      return List.of();
    }

    @Override
    public ProxyStats stats() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Routes routes() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onEvent(HealthNotifier listener) {}

    @Override
    public ScheduledExecutorService executor() {
      throw new UnsupportedOperationException();
    }
  }
}
