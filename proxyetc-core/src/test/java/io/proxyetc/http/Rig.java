package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Capacity;
import io.proxyetc.Limits;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A recording target with a proxy in front of it. */
final class Rig implements AutoCloseable {
  /** What the proxy calls itself in Via: no two alike, so that only a true loop looks like one. */
  static final String VIA = "1\\.1 proxyetc-[0-9a-f]+";

  /** Defaults, but without any wait for requests in flight when a test is over. */
  static final Limits LIMITS = Limits.DEFAULT.withDrain(Duration.ZERO);

  /** Where a target has no room the answer is 503 at once. */
  static final Capacity NOBODY_WAITS = new Capacity(0, 0, Duration.ofSeconds(1));

  private final RecordingTarget target;
  private final ProxyServer proxy;

  private Rig(RecordingTarget target, ProxyServer proxy) {
    this.target = target;
    this.proxy = proxy;
  }

  /** Everything goes to a target that answers with the request's method and path. */
  static Rig start() {
    return start(Script.echoLine());
  }

  /** Everything goes to a target that follows a script. */
  static Rig start(Script script) {
    return start(script, LIMITS, route -> route);
  }

  /** The same with other limits. */
  static Rig start(Script script, Limits limits) {
    return start(script, limits, route -> route);
  }

  /** The same with another route, of which the target is given. */
  static Rig start(Script script, UnaryOperator<Route.Builder> route) {
    return start(script, LIMITS, route);
  }

  /** The same with other limits and another route. */
  static Rig start(Script script, Limits limits, UnaryOperator<Route.Builder> route) {
    return start(script, route, proxy -> proxy.limits(limits));
  }

  /** The same with another proxy, of which the listener is given. */
  static Rig start(
      Script script, UnaryOperator<Route.Builder> route, UnaryOperator<ProxyServer.Builder> proxy) {
    RecordingTarget target = RecordingTarget.start(script);
    ProxyServer server =
        proxy.apply(ProxyServer.builder().http("localhost", 0).ioThreads(1).limits(LIMITS)).start();
    server.routes().put(route.apply(Route.builder("all").to(target.url())).build());
    return new Rig(target, server);
  }

  RecordingTarget target() {
    return target;
  }

  ProxyServer proxy() {
    return proxy;
  }

  int port() {
    return proxy.port();
  }

  RawClient client() {
    return RawClient.connect(proxy.port());
  }

  /** Sends a request on a connection of its own and reads the answer. */
  RawResponse exchange(String request) {
    try (RawClient client = client()) {
      return client.send(request).read(request.substring(0, Math.max(0, request.indexOf(' '))));
    }
  }

  /** A request without a body on a connection of its own; further lines end with CRLF each. */
  RawResponse get(String path, String... lines) {
    return exchange(request("GET", path, lines));
  }

  /** The text of a request without a body. */
  static String request(String method, String path, String... lines) {
    String more = String.join("\r\n", lines);
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: app.test\r\n"
        + more
        + (more.isEmpty() ? "" : "\r\n")
        + "\r\n";
  }

  /** The text of a POST with a body of known length. */
  static String post(String path, String body, String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Content-Length: " + body.length());
    return request("POST", path, all.toArray(String[]::new)) + body;
  }

  /** The text of a POST whose body comes in one chunk. */
  static String postChunked(String path, String body, String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Transfer-Encoding: chunked");
    String chunks = body.isEmpty() ? "" : Wire.chunk(body);
    return request("POST", path, all.toArray(String[]::new)) + chunks + "0\r\n\r\n";
  }

  /**
   * Proves that nothing of what came before reached the target: another client is served, and its
   * request is the only one that the target ever saw.
   */
  void assertOnlyOthersAreServed() {
    assertEquals("GET /others", get("/others").body());
    target.assertReceived("GET /others");
    assertEquals(target.requests().get(0).head().length(), target.bytesSinceForget());
  }

  /**
   * Proves that no request came whole to the target but the expected ones, and that another client
   * is served.
   */
  void assertCompleteAtTarget(String... methodAndPath) {
    assertEquals(200, get("/others").status());
    List<String> complete =
        target.requests().stream()
            .filter(Received::complete)
            .map(r -> r.method() + " " + r.path())
            .toList();
    List<String> expected = new ArrayList<>(List.of(methodAndPath));
    expected.add("GET /others");
    assertEquals(expected, complete);
  }

  /** Proves that a connection still serves: one more request on it is answered by the target. */
  static void assertStillServes(RawClient client) {
    RawResponse next = client.send(request("GET", "/next")).read();
    assertEquals(200, next.status());
    assertTrue(next.body().endsWith("/next") || next.body().isEmpty(), next.body());
  }

  @Override
  public void close() {
    try {
      proxy.close();
    } finally {
      target.close();
    }
  }
}
