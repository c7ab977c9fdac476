package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.RateLimit;
import io.proxyetc.Route;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What one client asks for beyond its limit gets 429, and reaches no target. */
final class RateLimitTest {
  private static final Duration DAY = Duration.ofDays(1);

  private static RateLimit aDay(int burst, String header) {
    return new RateLimit(1, DAY, burst, header);
  }

  private static Rig limited(RateLimit limit, String... trusted) {
    return Rig.start(
        Script.echoLine(), route -> route.rateLimit(limit), proxy -> proxy.trustedPeers(trusted));
  }

  @Test
  void whatIsBeyondTheBurstIsRefusedAndTheConnectionGoesOn() {
    try (Rig rig = limited(aDay(2, ""));
        RawClient client = rig.client()) {
      assertEquals(200, client.send(Rig.request("GET", "/a")).read().status());
      assertEquals(200, client.send(Rig.request("GET", "/b")).read().status());
      for (int i = 0; i < 3; i++) {
        RawResponse refused = client.send(Rig.request("GET", "/c")).read();
        assertEquals(429, refused.status());
        long seconds = Long.parseLong(refused.field("Retry-After"));
        assertTrue(seconds > 86_000 && seconds <= 86_400, "seconds: " + seconds);
      }
      rig.target().assertReceived("GET /a", "GET /b");
      assertEquals(3, rig.proxy().stats().rateLimited());
      rig.proxy().routes().put(Route.builder("free").path("/free").to(rig.target().url()).build());
      assertEquals("GET /free", client.send(Rig.request("GET", "/free")).read().body());
    }
  }

  @Test
  void aTokenComesBackInTime() {
    try (Rig rig = limited(new RateLimit(1, Duration.ofSeconds(1), 1, ""));
        RawClient client = rig.client()) {
      assertEquals(200, client.send(Rig.request("GET", "/a")).read().status());
      RawResponse next = client.send(Rig.request("GET", "/b")).read();
      while (next.status() == 429) { // each of them says when
        assertEquals("1", next.field("Retry-After"));
        client.rest(50);
        next = client.send(Rig.request("GET", "/b")).read();
      }
      assertEquals("GET /b", next.body());
    }
  }

  @Test
  void clientsAreThoseThatATrustedPeerNames() {
    try (Rig rig = limited(aDay(1, ""), "127.0.0.0/8", "::1/128")) {
      assertEquals(200, rig.get("/a", "X-Forwarded-For: 192.0.2.1").status());
      assertEquals(429, rig.get("/a", "X-Forwarded-For: 192.0.2.1").status());
      assertEquals(200, rig.get("/a", "X-Forwarded-For: 192.0.2.2").status());
      assertEquals(200, rig.get("/a", "X-Forwarded-For: 2001:db8::1").status());
      assertEquals(429, rig.get("/a", "X-Forwarded-For: 2001:db8::2").status());
    }
  }

  @Test
  void aStrangerDoesNotGetAwayByNamingOthers() {
    try (Rig rig = limited(aDay(1, ""))) {
      assertEquals(200, rig.get("/a", "X-Forwarded-For: 192.0.2.1").status());
      assertEquals(429, rig.get("/a", "X-Forwarded-For: 192.0.2.2").status());
    }
  }

  @Test
  void aHeaderTellsClientsApart() {
    try (Rig rig = limited(aDay(1, "X-Api-Key"))) {
      assertEquals(200, rig.get("/a", "X-API-Key: one").status());
      assertEquals(200, rig.get("/a", "x-api-key: two").status());
      assertEquals(429, rig.get("/a", "X-Api-Key: one").status());
      assertEquals(200, rig.get("/a").status());
      assertEquals(429, rig.get("/a").status());
    }
  }

  @Test
  void aChangeOfTheRouteForgivesNothing() {
    try (Rig rig = limited(aDay(1, ""))) {
      assertEquals(200, rig.get("/a").status());
      Route.Builder same = Route.builder("all").to(rig.target().url()).retries(0);
      rig.proxy().routes().put(same.rateLimit(aDay(1, "")).build());
      assertEquals(429, rig.get("/a").status());
      rig.proxy().routes().put(same.rateLimit(aDay(2, "")).build());
      assertEquals(200, rig.get("/a").status());
    }
  }

  @Test
  void aBodyThatIsNotWantedDoesNotGetInTheWay() {
    try (Rig rig = limited(aDay(1, ""));
        RawClient client = rig.client()) {
      assertEquals(200, client.send(Rig.request("GET", "/a")).read().status());
      assertEquals(429, client.send(Rig.post("/b", "body")).read().status());
      assertEquals(429, client.send(Rig.post("/c", "body")).read().status());
      rig.target().assertReceived("GET /a");
    }
  }
}
