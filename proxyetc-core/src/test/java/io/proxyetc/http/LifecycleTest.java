package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.spi.Balancer;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Start, several at once, and the end: in-flight requests finish, and nothing is left behind. */
final class LifecycleTest {

  private static ProxyServer.Builder proxy() {
    return ProxyServer.builder().http("localhost", 0).ioThreads(2).limits(Rig.LIMITS);
  }

  /** Closes ahead of the end of its block. */
  private static void stop(ProxyServer proxy) {
    proxy.close();
  }

  private static Set<String> threads() {
    Set<String> names = new TreeSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      boolean others =
          name.startsWith("testkit-")
              || name.startsWith("ForkJoinPool")
              || name.startsWith("HttpClient-")
              || name.startsWith("process reaper")
              || name.startsWith("junit");
      if (!others) {
        names.add(name + "#" + thread.getId());
      }
    }
    return names;
  }

  @Test
  void closeFreesEveryThreadAndThePort() {
    Set<String> before = threads();
    for (int i = 0; i < 3; i++) {
      int port;
      try (RecordingTarget target = RecordingTarget.start();
          ProxyServer proxy = proxy().start()) {
        port = proxy.port();
        proxy.routes().put(Route.builder("all").to(target.url()).build());
        try (RawClient client = RawClient.connect(port)) {
          assertEquals(200, client.send(Rig.request("GET", "/a")).read().status());
          stop(proxy);
          client.expectClosed();
        }
        Await.until("no connection to the target is left", () -> target.openConnections() == 0);
      }
      assertThrows(RuntimeException.class, () -> RawClient.connect(port).close());
      try (ProxyServer again =
          ProxyServer.builder().http("localhost", port).limits(Rig.LIMITS).start()) {
        assertEquals(port, again.port());
      }
    }
    Await.until("all threads are gone, but left are " + left(before), () -> left(before).isEmpty());
  }

  private static Set<String> left(Set<String> before) {
    Set<String> now = threads();
    now.removeAll(before);
    return now;
  }

  @Test
  void closeDrains() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Script waiting =
        exchange -> {
          Await.get("the test lets the answer go", go);
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
          exchange.rest(100);
          exchange.send("world");
        };
    ProxyServer.Builder draining = proxy().limits(Rig.LIMITS.withDrain(Duration.ofSeconds(8)));
    try (RecordingTarget target = RecordingTarget.start(waiting);
        ProxyServer proxy = draining.start();
        RawClient client = RawClient.connect(proxy.port());
        RawClient idle = RawClient.connect(proxy.port())) {
      int port = proxy.port();
      proxy.routes().put(Route.builder("all").to(target.url()).build());
      client.send(Rig.request("GET", "/a"));
      target.awaitRequest();
      CompletableFuture<Void> closing = OwnThread.run(proxy::close);
      idle.expectClosed();
      Await.until("new connections are refused", () -> refuses(port));
      assertFalse(closing.isDone());
      go.complete(null);
      RawResponse got = client.read();
      assertEquals("helloworld", got.body());
      client.expectClosed();
      Await.get("the end of close", closing);
    }
  }

  /** It came while the IO thread was busy, and nobody has seen it when the proxy is closed. */
  @Test
  void aRequestThatIsHereIsServedBeforeItsConnectionCloses() {
    CompletableFuture<Void> held = new CompletableFuture<>();
    CompletableFuture<Void> go = new CompletableFuture<>();
    Balancer holding =
        targets ->
            (request, attempt) -> {
              if (request.path().equals("/hold")) {
                held.complete(null);
                Await.get("leave to go on", go);
              }
              return attempt == 0 ? 0 : -1;
            };
    ProxyServer.Builder draining =
        proxy()
            .ioThreads(1)
            .balancer("holding", holding)
            .limits(Rig.LIMITS.withDrain(Duration.ofSeconds(8)));
    try (RecordingTarget target = RecordingTarget.start(Script.echoLine());
        ProxyServer proxy = draining.start();
        RawClient first = RawClient.connect(proxy.port());
        RawClient idle = RawClient.connect(proxy.port())) {
      int port = proxy.port();
      proxy.routes().put(Route.builder("all").to(target.url()).balancer("holding").build());
      assertEquals("GET /before", idle.send(Rig.request("GET", "/before")).read().body());
      first.send(Rig.request("GET", "/hold"));
      Await.get("the IO thread is held", held);
      CompletableFuture<Void> closing = OwnThread.run(proxy::close);
      Await.until("new connections are refused", () -> refuses(port));
      idle.send(Rig.request("GET", "/unseen"));
      go.complete(null);
      assertEquals("GET /unseen", idle.read().body());
      idle.expectClosed();
      assertEquals("GET /hold", first.read().body());
      Await.get("the end of close", closing);
    }
  }

  private static boolean refuses(int port) {
    try (RawClient client = RawClient.connect(port)) {
      return client.localPort() < 0;
    } catch (RuntimeException e) {
      return true;
    }
  }

  @Test
  void drainIsBounded() {
    ProxyServer.Builder draining = proxy().limits(Rig.LIMITS.withDrain(Duration.ofMillis(300)));
    try (RecordingTarget target = RecordingTarget.start(Script.silent());
        ProxyServer proxy = draining.start();
        RawClient client = RawClient.connect(proxy.port())) {
      proxy.routes().put(Route.builder("all").to(target.url()).build());
      client.send(Rig.request("GET", "/a"));
      target.awaitRequest();
      Await.get("the end of close", OwnThread.run(proxy::close));
      String all = client.readToEnd();
      assertTrue(all.isEmpty() || all.startsWith("HTTP/1.1 50"), all);
      target.connections().get(0).awaitEnded();
    }
  }

  @Test
  void closeTwiceIsCloseOnce() {
    ProxyServer proxy = proxy().start();
    proxy.close();
    proxy.close();
    assertThrows(RuntimeException.class, () -> RawClient.connect(proxy.port()).close());
  }

  @Test
  void severalProxiesDoNotSeeEachOther() {
    try (RecordingTarget one = RecordingTarget.start();
        RecordingTarget two = RecordingTarget.start();
        ProxyServer first = proxy().start();
        ProxyServer second = proxy().start()) {
      first.routes().put(Route.builder("all").to(one.url()).build());
      second.routes().put(Route.builder("all").to(two.url()).build());
      for (ProxyServer proxy : new ProxyServer[] {first, second}) {
        try (RawClient client = RawClient.connect(proxy.port())) {
          assertEquals(200, client.send(Rig.request("GET", "/" + proxy.port())).read().status());
        }
      }
      one.assertReceived("GET /" + first.port());
      two.assertReceived("GET /" + second.port());
      stop(first);
      try (RawClient client = RawClient.connect(second.port())) {
        assertEquals(200, client.send(Rig.request("GET", "/x")).read().status());
      }
      assertEquals(0, second.stats().retries());
    }
  }

  @Test
  void localhostMeansBothFamilies() throws IOException {
    boolean sixIsThere = InetAddress.getByName("::1").isReachable(500);
    try (Rig rig = Rig.start()) {
      for (String address : new String[] {"127.0.0.1", "::1"}) {
        if (address.equals("127.0.0.1") || sixIsThere) {
          try (RawClient client = RawClient.connect(address, rig.port())) {
            assertEquals("GET /a", client.send(Rig.request("GET", "/a")).read().body());
          }
        }
      }
      assertTrue(rig.proxy().listeners().get(0).bound().size() >= 1);
    }
  }

  @Test
  void sixthVersionAddressIsToldToTheTarget() throws IOException {
    Assumptions.assumeTrue(
        InetAddress.getByName("::1").isReachable(500), "this machine has no IPv6 loopback");
    try (Rig rig = Rig.start();
        RawClient client = RawClient.connect("::1", rig.port())) {
      client.send(Rig.request("GET", "/a")).read();
      Received request = rig.target().awaitRequest();
      assertEquals("::1", request.field("X-Forwarded-For"));
      assertTrue(request.field("Forwarded").contains("for=\"[::1]\""), request.head());
    }
  }

  @Test
  void portInUseIsSaidClearlyAndLeavesNothing() throws IOException {
    Set<String> before = threads();
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
      ProxyException e =
          assertThrows(
              ProxyException.class,
              () ->
                  ProxyServer.builder()
                      .http("127.0.0.1", 0)
                      .http("127.0.0.1", taken.getLocalPort())
                      .start());
      assertTrue(e.getMessage().contains(Integer.toString(taken.getLocalPort())), e.getMessage());
    }
    Await.until("all threads are gone", () -> left(before).isEmpty());
  }
}
