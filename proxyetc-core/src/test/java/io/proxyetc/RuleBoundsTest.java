package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program cannot make a rule that no document could hold. */
class RuleBoundsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0,
        -2,
        1.0499999,
        100.1
      })
  void aLoadOutOfBoundsIsRefused(double maxLoad) {
    assertFault(
        "maxLoad: " + maxLoad + " is not between 1.05 and 100.0",
        () -> Balancing.byPath().withMaxLoad(maxLoad));
  }

  @Test
  void theBoundsOfALoadAreGood() {
    assertEquals(1.05, Balancing.byClient().withMaxLoad(1.05).maxLoad());
    assertEquals(100, Balancing.byClient().withMaxLoad(100).maxLoad());
  }

  /** They were written, and refused when they were read. */
  @Test
  void whatOnlyTheConsistentHashHasIsRefusedForOthers() {
    String fault = ": it belongs to the balancer consistent-hash; remove it";
    assertFault("maxLoad" + fault, () -> Balancing.of("random").withMaxLoad(2));
    assertFault("by" + fault, () -> new Balancing("mine", Balancing.By.PATH, "", 1.25));
    assertFault("header" + fault, () -> new Balancing("mine", Balancing.By.HEADER, "x", 1.25));
    assertFault("cookie" + fault, () -> new Balancing("mine", Balancing.By.COOKIE, "x", 1.25));
  }

  @Test
  void aBalancingKeepsNoKeyThatIsNotHashed() {
    assertEquals(
        Balancing.byPath(),
        new Balancing(Balancing.CONSISTENT_HASH, Balancing.By.PATH, "left over", 1.25));
    assertEquals("x-user", Balancing.byHeader("X-User").key());
    assertEquals("Uid", Balancing.byCookie("Uid").key());
    assertSame(Balancing.DEFAULT, Balancing.of(Balancing.ROUND_ROBIN));
  }

  @Test
  void namesAreBounded() {
    String longest = "x".repeat(255);
    String tooLong = "x".repeat(256);
    assertEquals(longest, Balancing.of(longest).name());
    assertEquals(longest, Balancing.byCookie(longest).key());
    assertFault("name: 'xxx", () -> Balancing.of(tooLong));
    assertFault("header: 'xxx", () -> Balancing.byHeader(tooLong));
    assertFault("cookie: 'xxx", () -> new Session(tooLong, "/", Duration.ZERO));
    assertFault("header: 'xxx", () -> new RateLimit(1, SECOND, 1, tooLong));
    assertFault("path: '/xx", () -> new Session("", "/" + "x".repeat(1_000), Duration.ZERO));
  }

  @Test
  void aCheckThatIsNoRequestHasNoneOfItsParts() {
    String fault = ": it belongs to a check of type http, and this one is of type tcp; remove it";
    HealthCheck.Builder tcp = HealthCheck.builder(HealthCheck.Kind.TCP);
    assertFault("method" + fault, () -> tcp.method("HEAD").build());
    assertFault("path" + fault, () -> HealthCheck.tcp().toBuilder().path("/x").build());
    assertFault("host" + fault, () -> HealthCheck.tcp().toBuilder().host("x").build());
    assertFault("body" + fault, () -> HealthCheck.tcp().toBuilder().body("x").build());
    assertFault("statuses" + fault, () -> HealthCheck.tcp().toBuilder().statuses("200").build());
    assertFault(
        "headers" + fault, () -> HealthCheck.tcp().toBuilder().headers(Map.of("x", "y")).build());
    assertFault("path: it belongs", () -> HealthCheck.tls().toBuilder().path("/x").build());
    assertEquals(HealthCheck.tcp(), HealthCheck.tcp().toBuilder().build());
  }

  @Test
  void aCheckIsBounded() {
    HealthCheck longest = HealthCheck.http("/" + "x".repeat(1_999));
    assertEquals("GET /x", longest.describe().substring(0, 6));
    assertFault("path: '/x", () -> HealthCheck.http(longest.path() + "x"));
    assertFault("path: '/ü' is no path", () -> HealthCheck.http("/ü"));
    assertFault("path: '/#' is no path", () -> HealthCheck.http("/#"));
    HealthCheck.Builder check = HealthCheck.builder(HealthCheck.Kind.HTTP);
    assertFault(
        "headers: 8001 characters are too many for a check: write 8000 at most",
        () -> check.headers(Map.of("x", "y".repeat(8_000))).build());
    assertEquals(1, check.headers(Map.of("x", "y".repeat(7_999))).build().headers().size());
    assertFault("method: '", () -> HealthCheck.http("/").toBuilder().method("").build());
    assertFault(
        "body: a text of 1001", () -> HealthCheck.http("/").toBuilder().body(xs(1_001)).build());
  }

  @Test
  void headerFieldsOfACheckThatDifferInCaseOnlyAreRefused() {
    Map<String, String> twins = new LinkedHashMap<>();
    twins.put("X-A", "1");
    twins.put("x-a", "2");
    assertFault(
        "headers.x-a: this header field stands here twice",
        () -> HealthCheck.builder(HealthCheck.Kind.HTTP).headers(twins).build());
  }

  @Test
  void aHealthyStatusIsOneOfItsRanges() {
    HealthCheck check =
        HealthCheck.builder(HealthCheck.Kind.HTTP).statuses("200-204", "301").build();
    assertTrue(check.good(200) && check.good(204) && check.good(301));
    assertFalse(check.good(199) || check.good(205) || check.good(300) || check.good(302));
    assertEquals("[200-204, 301]", check.statuses().toString());
    assertFault("'99' is no range", () -> HealthCheck.Statuses.of("99"));
    assertFault("600-601 is no range", () -> new HealthCheck.Statuses(600, 601));
  }

  @Test
  void whatIsGivenIsCopied() {
    List<SwitchOptions.Step> steps = new ArrayList<>();
    SwitchOptions options = SwitchOptions.AT_ONCE.withSteps(steps);
    Map<String, String> headers = new LinkedHashMap<>(Map.of("a", "1", "b", "2"));
    HealthCheck check = HealthCheck.builder(HealthCheck.Kind.HTTP).headers(headers).build();
    steps.add(new SwitchOptions.Step(1, SECOND));
    headers.clear();
    assertTrue(options.atOnce());
    assertEquals(2, check.headers().size());
  }

  @Test
  void timesAreBounded() {
    Duration none = Duration.ZERO;
    Duration least = Duration.ofMillis(100);
    assertEquals(least, new Drain(least, Drain.OnRemove.KEEP).deadline());
    assertEquals(DAY, new Drain(DAY, Drain.OnRemove.KEEP).deadline());
    assertFault("drain: 0 s is", () -> new Drain(none, Drain.OnRemove.DRAIN));
    assertFault("drain: 86401 s", () -> new Drain(DAY.plus(SECOND), Drain.OnRemove.DRAIN));
    assertFault("lifetime: -1 s", () -> new Session("", "/", SECOND.negated()));
    assertFault(
        "lifetime: 34560001 s", () -> new Session("", "/", SECOND.multipliedBy(34_560_001)));
    assertFault("slowStart: 3601 s", () -> Health.DEFAULT.withSlowStart(SECOND.multipliedBy(3601)));
    assertFault("pendingTimeout: 301 s", () -> new Capacity(0, 0, SECOND.multipliedBy(301)));
    assertFault("per: 0 s", () -> new RateLimit(1, none, 1, ""));
    assertFault("preflight: 86401 s", () -> SwitchOptions.SAFE.withPreflight(DAY.plus(SECOND)));
    assertFault("watch: 0.05 s", () -> SwitchOptions.SAFE.withWatch(least.dividedBy(2), 5));
    assertFault("perTry: 0.05 s", () -> new Retries(1, least.dividedBy(2), 20, Set.of(), Set.of()));
    assertFault(
        "maxTime: 1 s is not between 2 s and 3600 s",
        () -> new Ejection(5, Set.of(), SECOND.multipliedBy(2), SECOND, 50));
    assertFault(
        "lifetime: 9223372036854775807.999999999 s",
        () -> new Session("", "/", Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
  }

  @Test
  void countsAreBounded() {
    assertFault("panic: -1", () -> Health.DEFAULT.withPanic(-1));
    assertFault("attempts: 11", () -> Retries.DEFAULT.withAttempts(11));
    assertFault("maxRequests: -1", () -> Capacity.of(-1));
    assertFault("requests: 0", () -> RateLimit.perSecond(0));
    assertFault("maxErrors: 101", () -> SwitchOptions.SAFE.withWatch(SECOND, 101));
    assertFault("percent: 0 is not", () -> new SwitchOptions.Step(0, SECOND));
    assertFault(
        "statuses: 600 is not between 500 and 599",
        () -> new Retries(1, Duration.ZERO, 20, Set.of(), Set.of(600)));
    assertFault("route a: retries.attempts: 11 is", () -> Route.builder("a").retries(11));
  }

  @Test
  void aSwitchIsWhereItCanBe() {
    SwitchOptions stepwise =
        SwitchOptions.AT_ONCE.withSteps(List.of(new SwitchOptions.Step(5, SECOND)));
    assertEquals(0, running(stepwise, RunningSwitch.Phase.STEP, 0).step());
    assertFault(
        "step: there is no step 1 among 1: write 0 to 0",
        () -> running(stepwise, RunningSwitch.Phase.WATCH, 1));
    assertFault(
        "step: there is no step 2147483647 among 0: remove it",
        () -> running(SwitchOptions.AT_ONCE, RunningSwitch.Phase.WATCH, Integer.MAX_VALUE));
    assertFault(
        "phase: it is in a step, but has no steps",
        () -> running(SwitchOptions.AT_ONCE, RunningSwitch.Phase.STEP, 0));
  }

  @Test
  void aSwitchGoesBetweenGroupsOfItsRoute() {
    Route.Builder route = Route.builder("a").group("blue", "http://x");
    RunningSwitch there = running(SwitchOptions.AT_ONCE, RunningSwitch.Phase.WATCH, 0);
    assertFault(
        "route a: switch.to: there is no group 'green'; this route has [blue]",
        () -> route.running(Optional.of(there)).build());
    assertEquals(Optional.of(there), route.group("green", "http://y").build().running());
  }

  private static RunningSwitch running(SwitchOptions options, RunningSwitch.Phase phase, int step) {
    return new RunningSwitch("s", "green", Active.group("blue"), options, phase, step, false);
  }

  private static String xs(int count) {
    return "x".repeat(count);
  }

  private static void assertFault(String message, Runnable make) {
    InvalidRouteException fault = assertThrows(InvalidRouteException.class, make::run, message);
    assertTrue(
        String.valueOf(fault.getMessage()).startsWith(message), () -> "" + fault.getMessage());
  }
}
