package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Balancing;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of several targets answers, by the route's balancer. */
final class BalancingTest {
  private static final int TARGETS = 4;
  private static final int KEYS = 64;

  private final List<RecordingTarget> targets = new ArrayList<>();
  private final ProxyServer proxy =
      ProxyServer.builder()
          .http("127.0.0.1", 0)
          .ioThreads(1)
          .limits(Rig.LIMITS)
          .trustedPeers("127.0.0.1")
          .start();

  @AfterEach
  void close() {
    proxy.close();
    targets.forEach(RecordingTarget::close);
  }

  private void route(Balancing balancing) {
    for (int i = 0; i < TARGETS; i++) {
      targets.add(RecordingTarget.start(Script.raw(Script.okay("target " + i))));
    }
    String[] urls = targets.stream().map(RecordingTarget::url).toArray(String[]::new);
    proxy.routes().put(Route.builder("app").to(urls).balancing(balancing).build());
  }

  /** Who answers a request that comes on a connection of its own. */
  private String answerTo(String path, String... fields) {
    try (RawClient client = RawClient.connect(proxy.port())) {
      RawResponse got = client.send(Rig.request("GET", path, fields)).read();
      assertEquals(200, got.status());
      return got.body();
    }
  }

  /** Each key has its target, and not all have the same. */
  private void assertKept(IntFunction<String> answer, IntFunction<String> againWithTheSameKey) {
    Set<String> seen = new HashSet<>();
    for (int key = 0; key < KEYS; key++) {
      String first = answer.apply(key);
      assertEquals(first, againWithTheSameKey.apply(key), "key " + key);
      seen.add(first);
    }
    assertTrue(seen.size() > 1, "all go to " + seen);
  }

  @Test
  void byAHeader() {
    route(Balancing.byHeader("X-User"));
    assertKept(
        key -> answerTo("/a", "X-User: user " + key),
        key -> answerTo("/b?c", "Cookie: d=e", "x-user:  user " + key, "X-User: second"));
  }

  @Test
  void byACookie() {
    route(Balancing.byCookie("user"));
    assertKept(
        key -> answerTo("/a", "Cookie: user=" + key),
        key -> answerTo("/b", "Cookie: User=x; a=b", "Cookie: c=d;user=" + key + " ; user=e"));
  }

  @Test
  void byThePathInItsNormalFormWithoutQuery() {
    route(Balancing.byPath());
    assertKept(key -> answerTo("/p/" + key + "?a"), key -> answerTo("/x/../%70/" + key + "?b"));
  }

  @Test
  void byTheClientThatATrustedPeerNames() {
    route(Balancing.byClient());
    assertKept(
        key -> answerTo("/a", "X-Forwarded-For: 10.1.2." + key),
        key -> answerTo("/b", "X-Forwarded-For: 6.6.6.6, 10.1.2." + key + ", 127.0.0.1"));
  }

  @Test
  void byTheClientWhereHeaderOrCookieIsMissingOrEmpty() {
    route(Balancing.byHeader("X-User"));
    String mine = answerTo("/a");
    for (int i = 0; i < 10; i++) {
      assertEquals(mine, answerTo("/" + i, "X-User:"));
    }
    proxy.routes().put(to(Balancing.byCookie("user")));
    for (int i = 0; i < 10; i++) {
      assertEquals(mine, answerTo("/" + i, "Cookie: user=; a=" + i));
      assertEquals(mine, answerTo("/" + i, "Cookie: users"));
    }
  }

  private Route to(Balancing balancing) {
    String[] urls = targets.stream().map(RecordingTarget::url).toArray(String[]::new);
    return Route.builder("app").to(urls).balancing(balancing).build();
  }

  /** Already the request that finds out: its retry goes where the following ones go. */
  @Test
  void theKeysOfATargetThatDiesGoToTheSameOthers() {
    route(Balancing.byHeader("X-User"));
    String home = answerTo("/", "X-User: ann");
    targets.get(Integer.parseInt(home.substring("target ".length()))).close();
    String next = answerTo("/", "X-User: ann");
    assertNotEquals(home, next);
    for (int i = 0; i < 10; i++) {
      assertEquals(next, answerTo("/", "X-User: ann"));
    }
  }

  @Test
  void randomAndLeastRequestsUseAll() {
    route(Balancing.of(Balancing.RANDOM));
    for (String name : List.of(Balancing.RANDOM, Balancing.LEAST_REQUESTS)) {
      proxy.routes().put(to(Balancing.of(name)));
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < 1_000 && seen.size() < TARGETS; i++) {
        seen.add(answerTo("/"));
      }
      assertEquals(TARGETS, seen.size(), name);
    }
  }
}
