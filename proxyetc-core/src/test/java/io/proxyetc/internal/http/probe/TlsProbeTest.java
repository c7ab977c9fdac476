package io.proxyetc.internal.http.probe;

import static io.proxyetc.internal.http.probe.ProbeRig.SHORT;
import static io.proxyetc.internal.http.probe.ProbeRig.http;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.HealthCheck;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.health.Watch;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.TestCertificates;
import io.proxyetc.testkit.TestCertificates.Kind;
import io.proxyetc.testkit.TestCertificates.Leaf;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes over TLS. */
class TlsProbeTest {
  private static final HealthCheck HANDSHAKE =
      HealthCheck.builder(HealthCheck.Kind.TLS).timeout(ProbeRig.PATIENT).build();

  @TempDir Path dir;
  private final ProbeRig rig = new ProbeRig();
  private TestCertificates ca;
  private TargetTls trusting;

  @BeforeEach
  void start() {
    ca = TestCertificates.in(dir);
    trusting = TargetTls.trusting(ca.authority());
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private TlsTarget target(Leaf leaf, String answer) {
    return new TlsTarget(ca.clientContext(leaf), answer);
  }

  private TlsTarget good() {
    return target(ca.leaf(Kind.EC_PKCS8, "localhost", "127.0.0.1"), Script.okay("all is well"));
  }

  @Test
  void aRequestOverTlsAndAHandshakeAloneAreGood() {
    try (TlsTarget target = good()) {
      HealthCheck http = http().body("well").build();
      assertEquals("good: 200 OK", rig.probe(target.url(), http, trusting));
      assertEquals("good: TLSv1.3", rig.probe(target.url(), HANDSHAKE, trusting));
      assertEquals("good: connected", rig.probe(target.url(), HealthCheck.tcp(), trusting));
    }
  }

  @Test
  void aTextIsFoundAcrossTheRecordsOfALargeBody() {
    String body = "x".repeat(40_000) + "all is well" + "x".repeat(100_000);
    try (TlsTarget target = target(ca.leaf(Kind.EC_PKCS8, "localhost"), Script.okay(body))) {
      HealthCheck http = http().body("all is well").build();
      String url = "https://localhost:" + target.port();
      assertEquals("good: 200 OK", rig.probe(url, http, trusting));
    }
  }

  @Test
  void anExpiredCertificateIsTheReason() {
    try (TlsTarget target = target(ca.expired(Kind.EC_PKCS8, "127.0.0.1"), Script.okay(""))) {
      for (HealthCheck check : List.of(HANDSHAKE, http().build())) {
        assertEquals("bad: TLS: certificate has expired", rig.probe(target.url(), check, trusting));
      }
      assertEquals("good: 200 OK", rig.probe(target.url(), http().build(), TargetTls.unverified()));
    }
  }

  @Test
  void aCertificateForAnotherNameIsTheReason() {
    try (TlsTarget target = target(ca.leaf(Kind.EC_PKCS8, "shop.test"), Script.okay(""))) {
      String outcome = rig.probe(target.url(), HANDSHAKE, trusting);
      assertTrue(outcome.startsWith("bad: TLS: certificate does not fit: "), outcome);
      assertTrue(outcome.contains("127.0.0.1"), outcome);
    }
  }

  @Test
  void aCertificateThatNobodyTrustedSignedIsTheReason() {
    try (TlsTarget target = good()) {
      assertEquals(
          "bad: TLS: certificate is signed by nobody who is trusted",
          rig.probe(target.url(), HANDSHAKE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9\r\n"})
  void whoDoesNotSpeakTlsIsTold(String answer) {
    try (TlsTarget plain = TlsTarget.greeting(answer)) {
      assertEquals(
          "bad: TLS: the target does not speak TLS", rig.probe(plain.url(), HANDSHAKE, trusting));
    }
  }

  @Test
  void aHandshakeThatDoesNotComeOnIsGivenUp() {
    try (RecordingTarget silent = RecordingTarget.start()) {
      String url = silent.url().replace("http:", "https:");
      HealthCheck check = HANDSHAKE.toBuilder().timeout(SHORT).build();
      assertEquals("bad: no TLS handshake within 300 ms", rig.probe(url, check, trusting));
    }
  }

  @Test
  void handshakesGoOnAndOnAndNeverFail() {
    try (TlsTarget target = good()) {
      List<Watch> kept = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        HealthCheck check =
            http().path("/" + i).interval(Duration.ofMillis(100)).body("well").build();
        kept.add(rig.watch(target.url(), check, trusting, (healthy, reason) -> {}));
      }
      Await.until("each is probed", () -> kept.stream().allMatch(watch -> watch.probes() >= 5));
      kept.forEach(
          watch -> {
            assertEquals(0, watch.failures(), watch.reason());
            watch.close();
          });
      Await.until("none is under way", () -> rig.checks.inFlight() == 0);
    }
  }

  @Test
  void aCheckOverTlsWithoutEnginesIsRefusedWhereItIsMade() {
    Target target = Target.of("https://127.0.0.1:1");
    IllegalArgumentException fault =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                rig.checks.watch(
                    new TargetRegistry().address(target, TargetTls.DEFAULT),
                    http().build(),
                    null,
                    (healthy, reason) -> {}));
    assertTrue(fault.getMessage().contains("https://127.0.0.1:1"), fault.getMessage());
    assertEquals(0, rig.checks.watched());
  }
}
