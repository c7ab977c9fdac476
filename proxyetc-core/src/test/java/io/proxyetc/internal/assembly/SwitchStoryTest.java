package io.proxyetc.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Limits;
import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.SwitchOptions;
import io.proxyetc.SwitchOptions.Step;
import io.proxyetc.SwitchOutcome;
import io.proxyetc.SwitchOutcome.Result;
import io.proxyetc.internal.store.FileRouteStore;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switches of a proxy with real targets, under load. */
class SwitchStoryTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofMillis(300);

  @TempDir private Path directory;
  private final RecordingTarget blue = RecordingTarget.start(answer(200, "blue"));
  private final RecordingTarget green = RecordingTarget.start(answer(200, "green"));
  private final List<HealthEvent> events = new CopyOnWriteArrayList<>();
  private ProxyServer proxy = start(Optional.empty());

  @AfterEach
  void close() {
    proxy.close();
    blue.close();
    green.close();
  }

  private ProxyServer start(Optional<RouteStore> store) {
    ProxyServer.Builder builder =
        ProxyServer.builder()
            .http("127.0.0.1", 0)
            .notifier(events::add)
            .limits(Limits.DEFAULT.withDrain(Duration.ZERO))
            .ioThreads(1);
    store.ifPresent(builder::store);
    return builder.start();
  }

  private Route route(String id) {
    return Route.builder(id)
        .path("/" + id)
        .group("blue", blue.url())
        .group("green", green.url())
        .build();
  }

  /** Somebody changes a running switch of route a by hand. */
  private void edit(SwitchOptions options) {
    Route route = proxy.routes().get("a").orElseThrow();
    RunningSwitch r = route.running().orElseThrow();
    RunningSwitch edited =
        new RunningSwitch(r.id(), r.to(), r.from(), options, r.phase(), r.step(), r.paused());
    proxy.routes().put(route.toBuilder().running(Optional.of(edited)).build());
  }

  private List<String> kinds() {
    return events.stream().map(e -> e.kind().name()).toList();
  }

  private static SwitchOutcome end(CompletionStage<SwitchOutcome> outcome) {
    return Await.get("the end of the switch", outcome.toCompletableFuture());
  }

  /** How often each of so many requests was answered with what. */
  private Map<String, Integer> answers(int requests) {
    Map<String, Integer> answers = new HashMap<>();
    try (RawClient client = RawClient.connect(proxy.port())) {
      for (int i = 0; i < requests; i++) {
        RawResponse response = client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n").read();
        answers.merge(response.status() + " " + response.body(), 1, Integer::sum);
      }
    }
    return answers;
  }

  @Test
  void aGroupThatComesUpLateIsWaitedForAndNoRequestNotices() {
    green.stopListening();
    proxy.routes().put(route("a"));
    try (SwitchLoad load = SwitchLoad.start(proxy.port(), "/a")) {
      CompletionStage<SwitchOutcome> outcome =
          proxy
              .routes()
              .switchTo("a", "green", SwitchOptions.SAFE.withPreflight(HOUR).withWatch(MOMENT, 5));
      assertTrue(proxy.routes().get("a").orElseThrow().running().isPresent());
      load.awaitMore(200);
      green.listenAgain();
      assertEquals(Result.DONE, end(outcome).result());
      load.awaitMore(200);
      assertEquals(Map.of("200 green", 100), answers(100));
      assertEquals(List.of(), load.faults());
    }
    assertTrue(proxy.routes().get("a").orElseThrow().running().isEmpty());
    Await.until("the events", () -> kinds().equals(List.of("SWITCH_STEP", "SWITCHED")));
  }

  @Test
  void aGroupThatDoesNotComeUpIsNotSwitchedTo() {
    green.stopListening();
    proxy.routes().put(route("a"));
    try (SwitchLoad load = SwitchLoad.start(proxy.port(), "/a")) {
      CompletionStage<SwitchOutcome> outcome =
          proxy.routes().switchTo("a", "green", SwitchOptions.SAFE.withPreflight(MOMENT));
      SwitchOutcome end = end(outcome);
      assertEquals(Result.NOT_HEALTHY, end.result());
      assertTrue(end.reason().contains(green.url()), end.reason());
      load.awaitMore(100);
      assertEquals(List.of(), load.faults());
    }
    assertEquals(Map.of("200 blue", 50), answers(50));
    Await.until("the event", () -> kinds().equals(List.of("SWITCH_ABORTED")));
  }

  @Test
  void eachStepHasItsShareOfTheRequests() {
    proxy.routes().put(route("a"));
    SwitchOptions steps =
        SwitchOptions.AT_ONCE.withSteps(List.of(new Step(5, HOUR), new Step(25, HOUR)));
    proxy.routes().switchTo("a", "green", steps);
    assertEquals(Map.of("200 blue", 190, "200 green", 10), answers(200));
    edit(steps.withSteps(List.of(new Step(5, MOMENT), new Step(25, HOUR))));
    Await.until(
        "the second step",
        () -> proxy.routes().get("a").orElseThrow().running().orElseThrow().step() == 1);
    assertEquals(Map.of("200 blue", 150, "200 green", 50), answers(200));
    proxy.routes().abortSwitch("a");
    assertEquals(Map.of("200 blue", 50), answers(50));
  }

  @Test
  void aGroupThatFailsIsLeftAgain() {
    green.always(answer(500, "green"));
    proxy.routes().put(route("a"));
    try (SwitchLoad load = SwitchLoad.start(proxy.port(), "/a")) {
      CompletionStage<SwitchOutcome> outcome =
          proxy
              .routes()
              .switchTo(
                  "a",
                  "green",
                  SwitchOptions.AT_ONCE.withSteps(List.of(new Step(10, HOUR))).withWatch(HOUR, 5));
      SwitchOutcome end = end(outcome);
      assertEquals(Result.ROLLED_BACK, end.result());
      assertTrue(end.reason().endsWith("back to blue"), end.reason());
    }
    assertEquals(Map.of("200 blue", 50), answers(50));
    Await.until("the events", () -> kinds().equals(List.of("SWITCH_STEP", "SWITCH_ROLLED_BACK")));
  }

  @Test
  void aGroupThatDoesNotAnswerIsLeftAgain() {
    proxy.routes().put(route("a").toBuilder().retries(0).build());
    CompletionStage<SwitchOutcome> outcome =
        proxy.routes().switchTo("a", "green", SwitchOptions.AT_ONCE.withWatch(HOUR, 5));
    green.stopListening();
    green.closeConnections();
    try (SwitchLoad load = SwitchLoad.start(proxy.port(), "/a")) {
      assertEquals(Result.ROLLED_BACK, end(outcome).result());
      load.awaitMore(1);
    }
    assertEquals(Map.of("200 blue", 50), answers(50));
  }

  /** Of the meters there is one for the last of many groups together. */
  @Test
  void aSwitchIsWatchedHoweverManyGroupsThereAre() {
    try (RawClient client = RawClient.connect(proxy.port())) {
      for (int i = 0; i < 300; i++) {
        proxy.routes().put(route("r" + i));
        client.send("GET /r" + i + " HTTP/1.1\r\nHost: a\r\n\r\n").read();
      }
    }
    assertTrue(proxy.stats().groups().containsKey("other"));
    proxy.routes().put(route("a"));
    green.always(answer(500, "green"));
    CompletionStage<SwitchOutcome> outcome =
        proxy.routes().switchTo("a", "green", SwitchOptions.AT_ONCE.withWatch(HOUR, 5));
    assertEquals(20, answers(20).values().stream().mapToInt(n -> n).sum());
    assertEquals(Result.ROLLED_BACK, end(outcome).result());
  }

  @Test
  void severalRoutesSwitchTogether() {
    proxy.routes().put(route("a"));
    proxy.routes().put(route("b"));
    CompletionStage<SwitchOutcome> outcome =
        proxy
            .routes()
            .switchTo(Map.of("a", "green", "b", "green"), SwitchOptions.SAFE.withWatch(HOUR, 5));
    Await.until("green", () -> answers(1).equals(Map.of("200 green", 1)));
    assertEquals(
        proxy.routes().stored("a").orElseThrow().revision(),
        proxy.routes().stored("b").orElseThrow().revision());
    proxy.routes().abortSwitch("b");
    assertEquals(Map.of("200 blue", 1), answers(1));
    assertEquals(Result.ABORTED, end(outcome).result());
    assertEquals(
        proxy.routes().stored("a").orElseThrow().revision(),
        proxy.routes().stored("b").orElseThrow().revision());
  }

  // ---- what is asked of it ----

  @Test
  void aRouteThatIsSwitchingRefusesAnotherSwitch() {
    proxy.routes().put(route("a"));
    proxy.routes().switchTo("a", "green", SwitchOptions.AT_ONCE.withWatch(HOUR, 5));
    String fault = fault(() -> proxy.routes().switchTo("a", "blue", SwitchOptions.SAFE));
    assertEquals(
        "route a: a switch to green is under way (watch (100 %)): wait for its end or call"
            + " abortSwitch(\"a\") before you begin another one; switchTo(id, group) without"
            + " options ends it and switches at once",
        fault);
  }

  @Test
  void aSwitchAtOnceEndsOneThatIsUnderWay() {
    proxy.routes().put(route("a"));
    SwitchOptions slow = SwitchOptions.AT_ONCE.withSteps(List.of(new Step(5, HOUR)));
    CompletionStage<SwitchOutcome> first = proxy.routes().switchTo("a", "green", slow);
    Await.until("it is seen", () -> kinds().equals(List.of("SWITCH_STEP")));
    proxy.routes().switchTo("a", "blue");
    assertEquals(Result.ABORTED, end(first).result());
    assertEquals("somebody switched to blue at once meanwhile", end(first).reason());
    CompletionStage<SwitchOutcome> second = proxy.routes().switchTo("a", "green", slow);
    Await.until("it is seen", () -> kinds().lastIndexOf("SWITCH_STEP") > 0);
    proxy.routes().switchTo("a", "green");
    assertTrue(end(second).done());
    assertEquals(Map.of("200 green", 20), answers(20));
    Await.until("the events", () -> events.size() == 5);
    assertEquals(
        List.of("SWITCHED", "SWITCHED", "SWITCH_ABORTED", "SWITCH_STEP", "SWITCH_STEP"),
        kinds().stream().sorted().toList());
  }

  @Test
  void pauseAndResumeAreChangesOfTheRecord() {
    proxy.routes().put(route("a"));
    SwitchOptions half = SwitchOptions.AT_ONCE.withSteps(List.of(new Step(50, HOUR)));
    proxy.routes().switchTo("a", "green", half);
    proxy.routes().pauseSwitch("a");
    long revision = proxy.routes().revision();
    proxy.routes().pauseSwitch("a");
    assertEquals(revision, proxy.routes().revision(), "it is paused already");
    CompletionStage<SwitchOutcome> outcome = proxy.routes().switchOutcome("a");
    assertEquals(Map.of("200 blue", 10, "200 green", 10), answers(20));
    edit(half.withSteps(List.of(new Step(50, MOMENT))));
    proxy.routes().resumeSwitch("a");
    assertTrue(end(outcome).done());
    assertEquals(
        "route a: no switch is under way; it may have ended already: green is active",
        fault(() -> proxy.routes().pauseSwitch("a")));
    assertThrows(ProxyException.class, () -> proxy.routes().resumeSwitch("a"));
    assertThrows(ProxyException.class, () -> proxy.routes().abortSwitch("a"));
    assertThrows(ProxyException.class, () -> proxy.routes().switchOutcome("a"));
  }

  @Test
  void whereThereIsNothingToSwitchItIsDone() {
    proxy.routes().put(route("a"));
    CompletionStage<SwitchOutcome> outcome =
        proxy.routes().switchTo("a", "blue", SwitchOptions.SAFE);
    assertEquals("all of the traffic goes to blue already", end(outcome).reason());
    assertTrue(end(proxy.routes().switchTo("a", "green", SwitchOptions.AT_ONCE)).done());
    assertEquals(Map.of("200 green", 20), answers(20));
    assertThrows(
        ProxyException.class, () -> proxy.routes().switchTo("a", "red", SwitchOptions.SAFE));
  }

  // ---- the store ----

  @Test
  void theFileHoldsTheRecordAndTheNextProxyGoesOn() throws IOException {
    Path file = directory.resolve("routes.json");
    proxy.close();
    proxy = start(Optional.of(new FileRouteStore(file)));
    proxy.routes().put(route("a"));
    SwitchOptions options =
        SwitchOptions.AT_ONCE
            .withSteps(List.of(new Step(5, MOMENT), new Step(25, HOUR)))
            .withWatch(MOMENT, 5);
    CompletionStage<SwitchOutcome> outcome = proxy.routes().switchTo("a", "green", options);
    Await.until(
        "the second step",
        () -> proxy.routes().get("a").orElseThrow().running().orElseThrow().step() == 1);
    String json = Files.readString(file);
    String id = proxy.routes().get("a").orElseThrow().running().orElseThrow().id();
    assertEquals(
        "'active':{'blue':75,'green':25},'switch':{'id':'"
            + id
            + "','to':'green','from':'blue','phase':'step','step':1,'steps':[{'percent':5,'time':0.3},"
            + "{'percent':25,'time':3600}],'watch':0.3,'maxErrors':5}",
        switchOf(json));

    proxy.close();
    AssertionError closed = assertThrows(AssertionError.class, () -> end(outcome));
    assertTrue(closed.toString().contains("goes on when it is started again"), "" + closed);
    events.clear();
    proxy = start(Optional.of(new FileRouteStore(file)));
    assertEquals(Map.of("200 blue", 75, "200 green", 25), answers(100));
    CompletionStage<SwitchOutcome> end = proxy.routes().switchOutcome("a");
    Files.writeString(file, Files.readString(file).replace("3600", "0.2")); // by hand
    assertTrue(end(end).done());
    assertFalse(Files.readString(file).contains("switch"));
    Await.until(
        "the events", () -> kinds().equals(List.of("SWITCH_RESUMED", "SWITCH_STEP", "SWITCHED")));
  }

  private static String switchOf(String json) {
    String plain = json.replaceAll("\\s", "").replace('"', '\'');
    int from = plain.indexOf("'active'");
    int to = plain.indexOf("'maxErrors':5}");
    assertTrue(from >= 0 && to > from, json);
    return plain.substring(from, to + "'maxErrors':5}".length());
  }

  private static Script answer(int status, String text) {
    return Script.raw(
        "HTTP/1.1 " + status + " X\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
  }

  private static String fault(Runnable call) {
    return String.valueOf(assertThrows(ProxyException.class, call::run).getMessage());
  }
}
