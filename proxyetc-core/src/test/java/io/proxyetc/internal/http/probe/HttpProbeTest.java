package io.proxyetc.internal.http.probe;

import static io.proxyetc.internal.http.probe.ProbeRig.PATIENT;
import static io.proxyetc.internal.http.probe.ProbeRig.SHORT;
import static io.proxyetc.internal.http.probe.ProbeRig.http;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.health.Watch;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.BusyPort;
import io.proxyetc.testkit.End;
import io.proxyetc.testkit.Nginx;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes of real servers that do as they should, or in all the ways not. */
class HttpProbeTest {
  private final ProbeRig rig = new ProbeRig();
  private final RecordingTarget target = RecordingTarget.start();

  @AfterEach
  void close() {
    rig.close();
    target.close();
  }

  private String probe(HealthCheck.Builder check, Script script) {
    target.always(script);
    return rig.probe(target.url(), check.build());
  }

  private String probe(Script script) {
    return probe(http(), script);
  }

  private String slowProbe(Script script) {
    return probe(http().timeout(SHORT), script);
  }

  @Test
  void aGoodAnswerIsHealthyAndTheRequestIsAPlainOne() {
    assertEquals("good: 200 OK", probe(Script.raw(Script.okay("fine"))));
    Received request = target.awaitRequest();
    assertEquals(
        "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:"
            + target.port()
            + "\r\nUser-Agent: proxyetc-check\r\nConnection: close\r\n\r\n",
        request.head());
    assertEquals(List.of(), target.faults());
  }

  @Test
  void methodPathHostAndFieldsAreThoseOfTheCheck() {
    HealthCheck.Builder check =
        http()
            .method("POST")
            .path("/up?deep=1")
            .host("shop.test")
            .headers(Map.of("user-agent", "mine", "X-Check", "a b"));
    assertEquals("good: 200 OK", probe(check, Script.raw(Script.okay("fine"))));
    Received request = target.awaitRequest();
    assertEquals("POST", request.method());
    assertEquals("/up?deep=1", request.path());
    assertEquals("shop.test", request.field("Host"));
    assertEquals("mine", request.field("User-Agent"));
    assertEquals("a b", request.field("X-Check"));
    assertEquals("0", request.field("Content-Length"));
    assertEquals(List.of(), target.faults());
  }

  @Test
  void anAnswerThatSaysNoIsTheReason() {
    assertEquals(
        "bad: 503 Service Unavailable",
        probe(Script.raw(Script.response("503 Service Unavailable", "later"))));
  }

  @Test
  void anAnswerWithoutAReasonPhraseIsToldByItsNumber() {
    assertEquals("bad: 404", probe(Script.raw("HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n")));
  }

  @Test
  void theCheckSaysWhichStatusesAreGood() {
    Script teapot = Script.raw(Script.response("418 Teapot", "short"));
    assertEquals("good: 418 Teapot", probe(http().statuses("200", "410-418"), teapot));
    assertEquals(
        "bad: 200 OK", probe(http().statuses("204"), Script.raw(Script.okay("with a body"))));
  }

  @Test
  void aBodyWithTheTextIsHealthyAndOneWithoutIsNot() {
    HealthCheck.Builder check = http().body("all is well");
    assertEquals("good: 200 OK", probe(check, Script.raw(Script.okay("yes, all is well here"))));
    assertEquals(
        "bad: the body does not contain 'all is well'",
        probe(check, Script.raw(Script.okay("all is not well"))));
  }

  @Test
  void theTextIsFoundAcrossChunksAndAcrossReads() {
    String chunks =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + Wire.chunk("all i")
            + Wire.chunk("s")
            + Wire.chunk(" well")
            + "0\r\n\r\n";
    HealthCheck.Builder check = http().body("all is well");
    assertEquals("good: 200 OK", probe(check, Script.raw(chunks)));
    assertEquals("good: 200 OK", probe(check, Script.trickled(chunks)));
  }

  @Test
  void theTextIsFoundInABodyThatEndsWithTheConnection() {
    HealthCheck.Builder check = http().body("well");
    String head = "HTTP/1.0 200 OK\r\n\r\n";
    assertEquals("good: 200 OK", probe(check, Script.rawThenClose(head + "all is well")));
    assertEquals(
        "bad: the body does not contain 'well'", probe(check, Script.rawThenClose(head + "bad")));
  }

  @Test
  void theTextMayBeTheLastOf64KiBAndNoByteLater() {
    HealthCheck.Builder check = http().body("well");
    String filler = "x".repeat(AnswerReader.MAX_BODY - 4);
    assertEquals("good: 200 OK", probe(check, Script.raw(Script.okay(filler + "well"))));
    assertEquals(
        "bad: the body does not contain 'well' within its first 64 KiB",
        probe(check, Script.raw(Script.okay(filler + "xwell"))));
  }

  @Test
  void anEndlessBodyIsNotReadToItsEnd() {
    Script endless =
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (; ; ) { // ends when the connection does
            exchange.send(Wire.chunk("x".repeat(10_000)));
          }
        };
    assertEquals("good: 200 OK", probe(endless));
    assertEquals(
        "bad: the body does not contain 'y' within its first 64 KiB",
        probe(http().body("y"), endless));
  }

  @Test
  void anAnswerToHeadHasNoBodyToLookThrough() {
    Script script = Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
    assertEquals("good: 200 OK", probe(http().method("HEAD"), script));
  }

  @Test
  void interimAnswersAreNotTheAnswer() {
    String interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    assertEquals("good: 200 OK", probe(Script.raw(interim + Script.okay("fine"))));
    assertEquals("good: 200 OK", probe(Script.trickled(interim + Script.okay("fine"))));
    assertEquals(
        "bad: more than 16 interim answers, and no final one",
        probe(Script.raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(17))));
    assertEquals(
        "bad: 101 without having been asked to switch protocols",
        probe(Script.raw("HTTP/1.1 101 Switching Protocols\r\n\r\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9\r\n",
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "\u0015\u0003\u0003\u0000\u0002\u0002\n"
      })
  void garbageIsNoAnswer(String garbage) {
    String outcome = probe(Script.raw(garbage));
    assertTrue(outcome.startsWith("bad: the answer is malformed: "), outcome);
  }

  @Test
  void aBrokenBodyIsNoGoodOne() {
    assertEquals(
        "bad: the answer is malformed: a chunk size is malformed",
        probe(
            http().body("well"),
            Script.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")));
  }

  @Test
  void aHeadWithoutEndIsCutOff() {
    String outcome =
        probe(
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\n");
              for (int i = 0; ; i++) { // ends when the connection does
                exchange.send("X-" + i % 50 + ": " + "x".repeat(5_000) + "\r\n");
              }
            });
    assertEquals("bad: the answer is malformed: the header fields are too large", outcome);
  }

  @Test
  void whoClosesWithoutAnAnswerIsNotHealthy() {
    assertEquals(
        "bad: the connection was closed without an answer", probe(Script.rawThenClose("")));
    assertEquals(
        "bad: the connection was closed within the answer's head",
        probe(Script.rawThenClose("HTTP/1.1 200 OK\r\nX: ")));
    assertEquals(
        "bad: the connection was closed within the answer's body",
        probe(
            http().body("well"),
            Script.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nall is ")));
    assertEquals("bad: connection reset", probe(Script.rawThenReset("")));
  }

  @Test
  void whoIsSlowOrSilentIsToldByWhatIsMissing() {
    assertEquals("bad: no answer within 300 ms", slowProbe(Script.silent()));
    assertEquals(
        "bad: no complete answer within 300 ms",
        probe(
            http().timeout(SHORT).body("well"),
            exchange -> {
              exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nall");
              exchange.awaitEnd();
            }));
  }

  @Test
  void aConnectionThatIsRefusedIsToldAtOnce() {
    target.stopListening();
    assertEquals("bad: connection refused", rig.probe(target.url(), http().build()));
    assertEquals("bad: connection refused", rig.probe(target.url(), HealthCheck.tcp()));
  }

  @Test
  void aServerThatTakesNoConnectionsIsNotWaitedForLongerThanAllowed() {
    try (BusyPort busy = BusyPort.open()) {
      assertEquals(
          "bad: no connection within 300 ms", rig.probe(busy.url(), http().timeout(SHORT).build()));
    }
  }

  @Test
  void aTcpCheckIsContentWithAConnectionThatNobodyAnswersOn() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      assertEquals(
          "good: connected",
          rig.probe("http://127.0.0.1:" + silent.getLocalPort(), HealthCheck.tcp()));
    }
  }

  @Test
  void aNameIsResolvedAndOneThatIsNoneIsTold() {
    target.always(Script.raw(Script.okay("fine")));
    // The target listens on 127.0.0.1 only: where the name has ::1 too, that one is passed over.
    for (int i = 0; i < 3; i++) {
      assertEquals(
          "good: 200 OK",
          rig.probe("http://localhost:" + target.port(), http().path("/" + i).build()));
    }
    assertEquals(
        "bad: 'no-such-host.invalid' cannot be resolved",
        rig.probe("http://no-such-host.invalid:80", http().build()));
  }

  @Test
  void eachProbeHasAConnectionOfItsOwnThatEndsWithIt() {
    target.always(Script.raw(Script.okay("fine")));
    HealthCheck check = http().interval(Duration.ofMillis(100)).build();
    List<Watch> kept = new ArrayList<>();
    rig.listen(target.url(), check, kept);
    Await.until("five probes", () -> kept.get(0).probes() >= 5);
    kept.get(0).close();
    Await.until("no connection is left", () -> target.openConnections() == 0);
    assertTrue(target.connections().size() >= 5);
    assertEquals(End.RST, target.connections().get(0).awaitEnded());
    assertEquals(0, kept.get(0).failures());
  }

  @Test
  void theEndOfTheProbesClosesWhatIsUnderWay() {
    target.always(Script.silent());
    List<Watch> kept = new ArrayList<>();
    rig.listen(target.url(), http().build(), kept);
    target.awaitRequest();
    assertEquals(1, rig.checks.inFlight());
    rig.close();
    target.connections().get(0).awaitEnded();
  }

  @Test
  void aTargetThatComesAndGoesIsToldByItsEdgesOnly() throws InterruptedException {
    target.always(Script.raw(Script.okay("fine")));
    HealthCheck check = http().interval(Duration.ofMillis(100)).fall(3).rise(2).build();
    BlockingQueue<ProbeRig.Heard> heard = rig.listen(target.url(), check, new ArrayList<>());
    for (int i = 0; i < 3; i++) {
      assertEquals(new ProbeRig.Heard(true, "200 OK"), next(heard));
      target.stopListening();
      assertEquals(new ProbeRig.Heard(false, "connection refused"), next(heard));
      target.listenAgain();
    }
    assertTrue(next(heard).healthy());
    assertEquals(List.of(), List.copyOf(heard));
  }

  /** The reaction to a process that stops: its kernel goes on taking connections. */
  @Test
  void aProcessThatIsStoppedIsFoundOutAndFoundAgain() throws InterruptedException {
    try (Nginx nginx = Nginx.start()) {
      HealthCheck check =
          http()
              .path("/teapot")
              .statuses("418")
              .interval(Duration.ofMillis(400))
              .timeout(SHORT)
              .build();
      BlockingQueue<ProbeRig.Heard> heard = rig.listen(nginx.url(), check, new ArrayList<>());
      assertTrue(next(heard).healthy());
      nginx.freeze();
      assertEquals(new ProbeRig.Heard(false, "no answer within 300 ms"), next(heard));
      nginx.thaw();
      assertTrue(next(heard).healthy());
    }
  }

  @Test
  void hundredsOfTargetsThatComeAtOnceAreAllProbed() {
    target.always(Script.raw(Script.okay("fine")));
    List<Watch> kept = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      rig.listen(target.url(), http().path("/" + i).build(), kept);
    }
    Await.until("all are healthy", () -> kept.stream().allMatch(HttpProbeTest::healthy));
    assertFalse(kept.stream().anyMatch(watch -> watch.failures() > 0));
    kept.forEach(Watch::close);
    Await.until("none is under way", () -> rig.checks.inFlight() == 0);
    assertEquals(0, rig.checks.watched());
  }

  private static boolean healthy(Watch watch) {
    return watch.state() == Watch.State.HEALTHY;
  }

  private static ProbeRig.Heard next(BlockingQueue<ProbeRig.Heard> heard)
      throws InterruptedException {
    ProbeRig.Heard next = heard.poll(PATIENT.toSeconds(), TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no change of health was told");
    }
    return next;
  }
}
