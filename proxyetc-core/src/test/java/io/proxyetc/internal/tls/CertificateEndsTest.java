package io.proxyetc.internal.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyServer;
import io.proxyetc.Tls;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.TestCertificates;
import io.proxyetc.testkit.TestCertificates.Kind;
import io.proxyetc.testkit.TestCertificates.Leaf;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates near their end. */
class CertificateEndsTest {
  private static final long A_DAY = TimeUnit.DAYS.toNanos(1);

  /** A clock that the test sets. */
  private static final class SetClock extends Clock {
    Instant now = Instant.EPOCH;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @TempDir Path dir;
  private final List<HealthEvent> events = new ArrayList<>();
  private final SetClock clock = new SetClock();
  private final CertificateEnds ends = new CertificateEnds(new FileNews(events::add, clock));

  private static Identity identity(Leaf leaf) {
    return Identity.read(new Tls.Pem(leaf.certificate(), leaf.key()));
  }

  private static Instant end(Identity identity) {
    return identity.leaf().getNotAfter().toInstant();
  }

  private static Tls tls(Leaf leaf) {
    return Tls.pem(leaf.certificate(), leaf.key());
  }

  @Test
  void itIsToldOnceThirtySevenAndOneDayBeforeTheEndAndAtTheEnd() {
    TestCertificates ca = TestCertificates.in(dir);
    Identity one = identity(ca.leaf(Kind.EC_PKCS8, "localhost", "www.errzero.com"));
    List<Integer> told = new ArrayList<>();
    for (int day = 40; day >= -3; day--) {
      clock.now = end(one).minus(Duration.ofDays(day));
      int before = events.size();
      ends.daily(List.of(one), (50 - day) * A_DAY);
      ends.daily(List.of(one), (50 - day) * A_DAY + A_DAY / 2);
      if (events.size() > before) {
        told.add(day);
      }
    }
    assertEquals(List.of(30, 7, 1, 0), told);
    assertEquals(4, events.size());
    HealthEvent week = events.get(1);
    assertEquals(HealthEvent.Kind.CERTIFICATE_EXPIRES, week.kind());
    assertEquals(one.pem().certificate().toString(), week.subject());
    assertEquals(
        "the certificate for localhost, www.errzero.com ends at "
            + end(one)
            + ", within 7 days: renew it",
        week.detail());
    assertTrue(events.get(3).detail().contains("clients refuse it"), events.get(3).detail());
  }

  @Test
  void whatIsNearItsEndAlreadyIsToldOnceAndANewOneNotAtAll() {
    TestCertificates ca = TestCertificates.in(dir);
    Identity old = identity(ca.leaf(Kind.EC_PKCS8, "localhost"));
    clock.now = end(old).minus(Duration.ofDays(3));
    ends.look(List.of(old), 0);
    ends.look(List.of(old), 1);
    assertEquals(1, events.size());
    assertTrue(events.get(0).detail().contains("within 7 days"), events.get(0).detail());
    clock.now = clock.now.minus(Duration.ofDays(80));
    ends.look(List.of(identity(ca.leaf(Kind.EC_PKCS8, "localhost"))), 2);
    assertEquals(1, events.size());
  }

  @Test
  void aProxyTellsAtItsStartAndWhenAFileChanges() {
    TestCertificates ca = TestCertificates.in(dir);
    Leaf served = ca.ending(5, "localhost");
    List<HealthEvent> heard = new CopyOnWriteArrayList<>();
    try (ProxyServer proxy =
        ProxyServer.builder()
            .https("127.0.0.1", 0, tls(served))
            .https("127.0.0.1", 0, tls(served))
            .notifier(heard::add)
            .start()) {
      assertEquals(2, proxy.listeners().size());
      Await.until("the certificate's end", () -> heard.size() == 1);
      assertTrue(heard.get(0).detail().contains("within 7 days"), heard.get(0).detail());
      ca.ending(1, "localhost").replace(served);
      Await.until(
          "the end of the new one",
          () -> heard.stream().anyMatch(event -> event.detail().contains("within 1 day:")));
    }
    assertEquals(
        2, heard.stream().filter(e -> e.kind() == HealthEvent.Kind.CERTIFICATE_EXPIRES).count());
  }
}
