package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Ejection;
import io.proxyetc.Health;
import io.proxyetc.HealthCheck;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.Timeouts;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.BusyPort;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that fail are passed over for a while, and people hear of it. */
final class EjectionTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration BRIEF = Duration.ofMillis(100);

  private final List<HealthEvent> events = new CopyOnWriteArrayList<>();
  private final RecordingTarget a = RecordingTarget.start(answer("200 OK", "a"));
  private final RecordingTarget b = RecordingTarget.start(answer("200 OK", "b"));
  private final ProxyServer proxy =
      ProxyServer.builder()
          .http("localhost", 0)
          .ioThreads(1)
          .limits(Rig.LIMITS)
          .notifier(events::add)
          .start();

  @AfterEach
  void stop() {
    proxy.close();
    a.close();
    b.close();
  }

  private static Script answer(String status, String body) {
    return Script.raw(Script.response(status, body));
  }

  /** Once ejected, out for the rest of the test. */
  private static Health ejecting(int failures, Integer... statuses) {
    return Health.DEFAULT.withEjection(new Ejection(failures, Set.of(statuses), LONG, LONG, 50));
  }

  private static Health briefly() {
    return Health.DEFAULT.withEjection(new Ejection(3, Set.of(), BRIEF, BRIEF, 50));
  }

  private void put(Health health, UnaryOperator<Route.Builder> more, String... urls) {
    proxy.routes().put(more.apply(Route.builder("app").to(urls).health(health)).build());
  }

  private void put(Health health) {
    put(health, route -> route, a.url(), b.url());
  }

  private String get() {
    try (RawClient client = RawClient.connect(proxy.port())) {
      RawResponse answer = client.send(Rig.request("GET", "/")).read();
      return answer.status() == 200 ? answer.body() : Integer.toString(answer.status());
    }
  }

  private List<String> get(int times) {
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      answers.add(get());
    }
    return answers;
  }

  private static int count(List<String> answers, String which) {
    return Collections.frequency(answers, which);
  }

  private List<Kind> told() {
    return events.stream().map(HealthEvent::kind).toList();
  }

  private void awaitTold(Kind... kinds) {
    Await.until(
        () -> List.of(kinds) + " are told; so far " + events,
        Duration.ofSeconds(10),
        () -> told().equals(List.of(kinds)));
  }

  @Test
  void oneThatRefusesConnectionsIsPassedOverWithoutAFailedRequest() {
    put(ejecting(5));
    a.stopListening();
    assertEquals(Collections.nCopies(50, "b"), get(50));
    assertEquals(1, proxy.stats().upstreamConnectFailures());
    awaitTold(Kind.TARGET_DOWN);
    assertEquals("app/default " + a.url(), events.get(0).subject());
    assertTrue(events.get(0).detail().contains("1 of 2 targets work"), events.toString());
  }

  @Test
  void oneThatResetsIsPassedOverWithoutAFailedRequest() {
    put(ejecting(3));
    a.always(Script.rawThenReset(""));
    assertEquals(Collections.nCopies(50, "b"), get(50));
    assertEquals(3, a.requests().size());
    awaitTold(Kind.TARGET_DOWN);
  }

  /** Be it the time for an answer, or that for the whole request. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneThatDoesNotAnswerInTimeIsPassedOver(boolean total) {
    Duration brief = Duration.ofMillis(200);
    Duration patient = Duration.ofSeconds(20);
    Timeouts timeouts =
        new Timeouts(patient, total ? patient : brief, patient, total ? brief : Duration.ZERO);
    put(ejecting(2), route -> route.timeouts(timeouts), a.url(), b.url());
    a.always(Script.silent());
    List<String> answers = get(30);
    assertEquals(2, count(answers, "504"));
    assertEquals(28, count(answers, "b"));
    awaitTold(Kind.TARGET_DOWN);
  }

  @Test
  void oneThatAnswersWithAStatusThatCountsIsPassedOver() {
    put(ejecting(3, 503));
    a.always(answer("503 Service Unavailable", "no"));
    List<String> answers = get(30);
    assertEquals(3, count(answers, "503"));
    assertEquals(27, count(answers, "b"));
    awaitTold(Kind.TARGET_DOWN);
  }

  @Test
  void otherAnswersAreAnswers() {
    put(ejecting(3, 503));
    a.always(answer("500 Internal Server Error", "no"));
    assertEquals(15, count(get(30), "500"));
    a.next(answer("503 No", ""), answer("503 No", ""), answer("200 OK", "a"));
    a.next(answer("503 No", ""), answer("503 No", ""), answer("200 OK", "a"));
    assertEquals(15, count(get(30), "b"), "never three in a row");
    assertEquals(List.of(), told());
  }

  @Test
  void aSingleTargetIsNeverPassedOverButToldAsDown() {
    put(briefly(), route -> route, a.url());
    a.stopListening();
    assertEquals(Collections.nCopies(20, "502"), get(20));
    awaitTold(Kind.TARGET_DOWN, Kind.GROUP_EMPTY);
    a.listenAgain();
    assertEquals(Collections.nCopies(20, "a"), get(20));
    awaitTold(Kind.TARGET_DOWN, Kind.GROUP_EMPTY, Kind.TARGET_UP, Kind.GROUP_SERVES);
  }

  @Test
  void aSingleTargetThatSwallowsConnectionsIsNeverPassedOver() {
    Timeouts brief =
        new Timeouts(
            Duration.ofMillis(200), Duration.ofSeconds(9), Duration.ofSeconds(9), Duration.ZERO);
    try (BusyPort busy = BusyPort.open()) {
      put(ejecting(5), route -> route.timeouts(brief).retries(0), busy.url());
      assertEquals(Collections.nCopies(3, "504"), get(3));
      awaitTold(Kind.TARGET_DOWN, Kind.GROUP_EMPTY);
    }
  }

  /** Half of four are passed over; the others are not, dead or not, and the answer says 502. */
  @Test
  void whereAllAreDeadNoMoreThanTheShareIsPassedOver() {
    RecordingTarget c = RecordingTarget.start();
    RecordingTarget d = RecordingTarget.start();
    put(ejecting(5), route -> route.retries(0), a.url(), b.url(), c.url(), d.url());
    for (RecordingTarget each : List.of(a, b, c, d)) {
      each.stopListening();
    }
    assertEquals(Collections.nCopies(20, "502"), get(20));
    assertEquals(20, proxy.stats().upstreamConnectFailures());
    awaitTold(
        Kind.TARGET_DOWN, Kind.TARGET_DOWN, Kind.TARGET_DOWN, Kind.TARGET_DOWN, Kind.GROUP_EMPTY);
    c.close();
    d.close();
  }

  @Test
  void oneThatIsBackIsAskedAgainAndToldOnce() {
    put(briefly());
    a.stopListening();
    assertEquals(Collections.nCopies(10, "b"), get(10));
    a.listenAgain();
    Await.until("it is asked again", () -> get().equals("a"));
    assertEquals(10, count(get(20), "a"));
    awaitTold(Kind.TARGET_DOWN, Kind.TARGET_UP);
  }

  /** Ejections belong to route, group and target: what one route met with is its own matter. */
  @Test
  void routesThatShareATargetEjectItEachForItself() {
    put(ejecting(3, 503));
    proxy
        .routes()
        .put(
            Route.builder("other").host("other.test").to(a.url()).health(ejecting(3, 503)).build());
    a.always(answer("503 No", ""));
    assertEquals(3, count(get(20), "503"));
    assertEquals(3, a.requests().size());
    awaitTold(Kind.TARGET_DOWN);
    a.always(answer("200 OK", "a"));
    try (RawClient client = RawClient.connect(proxy.port())) {
      String request = Rig.request("GET", "/").replace("app.test", "other.test");
      assertEquals("a", client.send(request).read().body());
    }
    awaitTold(Kind.TARGET_DOWN);
  }

  @Test
  void whatIsReplacedWhileItIsDownIsGoneAndTheGroupServesAgain() {
    put(ejecting(3), route -> route, a.url());
    a.stopListening();
    assertEquals("502", get());
    awaitTold(Kind.TARGET_DOWN, Kind.GROUP_EMPTY);
    put(ejecting(3), route -> route, b.url());
    assertEquals("b", get());
    awaitTold(Kind.TARGET_DOWN, Kind.GROUP_EMPTY, Kind.TARGET_GONE, Kind.GROUP_SERVES);
    b.stopListening();
    b.closeConnections();
    Await.until("the pool notices", () -> get().equals("502"));
    awaitTold(
        Kind.TARGET_DOWN,
        Kind.GROUP_EMPTY,
        Kind.TARGET_GONE,
        Kind.GROUP_SERVES,
        Kind.TARGET_DOWN,
        Kind.GROUP_EMPTY);
  }

  @Test
  void whatItsOperatorHasDisabledIsNotToldAsDown() {
    put(ejecting(3));
    Target off = Target.of(a.url()).withState(Target.State.DISABLED);
    proxy
        .routes()
        .put(
            Route.builder("app")
                .group(TargetGroup.of("default", List.of(off, Target.of(b.url()))))
                .build());
    a.stopListening();
    assertEquals(Collections.nCopies(10, "b"), get(10));
    assertEquals(0, proxy.stats().upstreamConnectFailures());
    assertEquals(List.of(), told());
  }

  @Test
  void oneThatIsBackGetsAGrowingShare() {
    put(briefly().withSlowStart(LONG));
    a.stopListening();
    assertEquals("b", get(2).get(0));
    a.listenAgain();
    Await.until("it is asked again", () -> get().equals("a"));
    List<String> answers = get(400);
    int early = count(answers, "a"); // a tenth of its half: 20 of 400
    assertTrue(early > 4 && early < 60, early + " of 400");
    assertEquals(400 - early, count(answers, "b"));
  }

  /** All of them came up a moment ago, and one of them is gone again. */
  @Test
  void aRetryGoesToATargetThatIsStillHeldBack() {
    put(briefly().withSlowStart(LONG));
    for (RecordingTarget each : List.of(a, b)) {
      each.stopListening();
      each.closeConnections();
      awaitWhileAsking("it is down", Kind.TARGET_DOWN, each);
      each.listenAgain();
      awaitWhileAsking("it is back", Kind.TARGET_UP, each);
    }
    long before = proxy.stats().upstreamConnectFailures();
    put(ejecting(3).withSlowStart(LONG));
    a.stopListening();
    a.closeConnections();
    assertEquals(Collections.nCopies(200, "b"), get(200));
    long refused = proxy.stats().upstreamConnectFailures() - before;
    assertEquals(1, refused, "what is ejected comes behind what is held back");
  }

  /** Neither was probed yet, and the first breaks off: the other is there all the same. */
  @Test
  void aRetryGoesToATargetThatIsNotProbedYet() {
    HealthCheck endless =
        HealthCheck.http("/up").toBuilder().timeout(Duration.ofSeconds(30)).build();
    a.always(silentlyProbed(Script.rawThenReset("")));
    b.always(silentlyProbed(answer("200 OK", "b")));
    put(ejecting(0).withCheck(endless));
    assertEquals(Collections.nCopies(10, "b"), get(10));
  }

  private static Script silentlyProbed(Script otherwise) {
    return exchange -> {
      boolean probe = exchange.request().path().equals("/up");
      (probe ? Script.silent() : otherwise).run(exchange);
    };
  }

  private void awaitWhileAsking(String what, Kind kind, RecordingTarget target) {
    Await.until(
        what,
        () -> {
          get();
          return events.stream()
              .anyMatch(e -> e.kind() == kind && e.subject().endsWith(target.url()));
        });
  }
}
