package io.proxyetc.internal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which events are told; time is what the test says. */
class EdgesTest {
  private static final Damping DAMPING =
      new Damping(4, Duration.ofSeconds(60), Duration.ofSeconds(30));
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final List<HealthEvent> told = new ArrayList<>();
  private Edges edges = new Edges(DAMPING, 100);
  private Duration now = Duration.ZERO;

  private void see(Kind kind, String subject, String detail) {
    HealthEvent event = new HealthEvent(kind, subject, detail, START.plus(now));
    edges.accept(event, now.toNanos()).ifPresent(told::add);
  }

  private void see(Kind kind, String subject) {
    see(kind, subject, "");
  }

  private void passes(int seconds) {
    now = now.plusSeconds(seconds);
    told.addAll(edges.settled(now.toNanos()));
  }

  private List<Kind> kinds() {
    return told.stream().map(HealthEvent::kind).toList();
  }

  @Test
  void aStateIsToldWhenItChangesAndNotWhenItIsSeenAgain() {
    see(Kind.TARGET_DOWN, "a");
    see(Kind.TARGET_DOWN, "a");
    see(Kind.TARGET_DOWN, "b");
    see(Kind.TARGET_UP, "a");
    see(Kind.TARGET_UP, "a");
    see(Kind.TARGET_DOWN, "a");
    assertEquals(
        List.of(Kind.TARGET_DOWN, Kind.TARGET_DOWN, Kind.TARGET_UP, Kind.TARGET_DOWN), kinds());
    assertEquals("b", told.get(1).subject());
  }

  @Test
  void thatSomethingIsWellWhichNeverWasInTroubleIsNotTold() {
    see(Kind.TARGET_UP, "a");
    see(Kind.TARGET_GONE, "b");
    see(Kind.GROUP_SERVES, "c");
    assertEquals(List.of(), told);
    assertEquals(0, edges.size());
  }

  @Test
  void aTargetThatIsRemovedWhileItIsDownIsToldOnceAndForgotten() {
    see(Kind.TARGET_DOWN, "a");
    see(Kind.TARGET_GONE, "a");
    see(Kind.TARGET_GONE, "a");
    see(Kind.TARGET_UP, "a");
    assertEquals(List.of(Kind.TARGET_DOWN, Kind.TARGET_GONE), kinds());
    passes(61);
    see(Kind.TARGET_DOWN, "b");
    see(Kind.TARGET_UP, "b");
    assertEquals(1, edges.size());
  }

  @Test
  void whatHappensOnceIsToldEachTimeButNotTwiceAtOnce() {
    see(Kind.SWITCHED, "errzero", "blue to green");
    see(Kind.SWITCHED, "errzero", "green to blue");
    see(Kind.SWITCHED, "errzero", "blue to green");
    see(Kind.CERTIFICATE_RELOADED, "/etc/a.pem", "of two listeners");
    see(Kind.CERTIFICATE_RELOADED, "/etc/a.pem", "of two listeners");
    assertEquals(4, told.size());
    passes(11);
    see(Kind.CERTIFICATE_RELOADED, "/etc/a.pem", "of two listeners");
    assertEquals(5, told.size());
  }

  @Test
  void aTargetThatComesAndGoesIsToldOnceAsFlappingAndWhenItHasComeToRest() {
    for (int i = 0; i < 20; i++) {
      see(i % 2 == 0 ? Kind.TARGET_DOWN : Kind.TARGET_UP, "a", "change " + i);
      passes(5);
    }
    see(Kind.TARGET_DOWN, "b");
    assertEquals(
        List.of(
            Kind.TARGET_DOWN,
            Kind.TARGET_UP,
            Kind.TARGET_DOWN,
            Kind.TARGET_UP,
            Kind.FLAPPING,
            Kind.TARGET_DOWN),
        kinds());
    HealthEvent flapping = told.get(4);
    assertEquals("a", flapping.subject());
    assertEquals(START, flapping.since());
    assertEquals(
        "changed 5 times within 20 s, last: target down (change 4); it is told of again when it has"
            + " stayed as it is for 30 s",
        flapping.detail());

    passes(24); // the last change was 5 s before
    assertEquals(6, told.size());
    passes(1);
    HealthEvent rest = told.get(6);
    assertEquals(Kind.TARGET_UP, rest.kind());
    assertEquals(START.plusSeconds(95), rest.at());
    assertEquals(
        "change 19; it has stayed so for 30 s, after 15 more changes that were not told",
        rest.detail());
    see(Kind.TARGET_UP, "a");
    assertEquals(7, told.size());
    see(Kind.TARGET_DOWN, "a");
    assertEquals(8, told.size());
  }

  @Test
  void changesThatAreFarApartAreNoFlapping() {
    for (int i = 0; i < 40; i++) {
      see(i % 2 == 0 ? Kind.TARGET_DOWN : Kind.TARGET_UP, "a");
      passes(20);
    }
    assertEquals(40, told.size());
  }

  @Test
  void whatIsRememberedIsBoundedAndWhatMayHaveBeenForgottenIsTold() {
    for (int i = 0; i < 150; i++) {
      see(Kind.TARGET_DOWN, "down " + i);
    }
    assertEquals(100, edges.size());
    see(Kind.TARGET_UP, "down 0");
    assertEquals(Kind.TARGET_UP, told.get(150).kind());
    see(Kind.TARGET_UP, "down 149");
    assertEquals(152, told.size());
    see(Kind.TARGET_UP, "down 149");
    assertEquals(152, told.size());
    for (int i = 0; i < 10_000; i++) {
      see(Kind.SWITCHED, "route " + i);
    }
    assertEquals(100, edges.size());
  }

  @Test
  void whoeverFlapsAndIsForgottenDoesNotComeToRestTwice() {
    edges = new Edges(DAMPING, 1);
    for (int i = 0; i < 6; i++) {
      see(i % 2 == 0 ? Kind.TARGET_DOWN : Kind.TARGET_UP, "a");
    }
    see(Kind.TARGET_DOWN, "b");
    int before = told.size();
    assertTrue(edges.untilSettled(now.toNanos()).isEmpty());
    passes(100);
    assertEquals(before, told.size());
  }
}
