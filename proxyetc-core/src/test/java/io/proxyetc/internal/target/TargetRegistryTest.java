package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TargetRegistryTest {
  private static final Target ONE = Target.of("http://one:80");
  private static final Target TWO = Target.of("http://two:80");

  private final TargetRegistry registry = new TargetRegistry();

  @Test
  void aTargetKeepsItsStateWhileItsWeightChanges() {
    TargetState before = find("r", "g", ONE);
    assertTrue(before.tryClaim());
    TargetState after = find("r", "g", ONE.withWeight(7));
    assertSame(before, after);
    assertEquals(7, after.target().weight());
    assertEquals(1, after.inFlight());
  }

  @Test
  void routesAndGroupsCountApartAndAddressesTogether() {
    TargetState a = find("r", "blue", ONE);
    TargetState b = find("r", "green", ONE);
    TargetState c = find("other", "blue", ONE);
    assertNotSame(a, b);
    assertNotSame(a, c);
    assertSame(a.address(), b.address());
    assertSame(a.address(), c.address());
    assertEquals("one:80", a.address().address());
    assertEquals("one", a.address().host());
    assertEquals(80, a.address().port());
  }

  @Test
  void anAddressDiffersByItsSchemeAndItsVerification() {
    Target secure = Target.of("https://one:80");
    AddressState plain = registry.address(ONE, TargetTls.DEFAULT);
    AddressState verified = registry.address(secure, TargetTls.DEFAULT);
    AddressState unverified = registry.address(secure, TargetTls.unverified());
    assertNotSame(plain, verified);
    assertNotSame(verified, unverified);
    assertSame(plain, registry.address(ONE, TargetTls.unverified()));
    assertTrue(verified.secure());
    assertFalse(plain.secure());
    assertFalse(unverified.tls().verify());
  }

  @Test
  void anAddressOfIpv6HasNoBracketsInItsHost() {
    AddressState address = registry.address(Target.of("http://[::1]:8080"), TargetTls.DEFAULT);
    assertEquals("::1", address.host());
    assertEquals(8080, address.port());
    assertEquals("[::1]:8080", address.address());
  }

  @Test
  void whatARouteNamesNoLongerIsRetired() {
    TargetState one = find("r", "g", ONE);
    TargetState two = find("r", "g", TWO);
    assertTrue(one.tryClaim());
    registry.retainTargets("r", Set.of(two));
    assertFalse(one.tryClaim());
    assertTrue(two.tryClaim());
    assertEquals(2, registry.addresses().size(), "a request is still in flight");
    one.release();
    assertEquals(List.of(two.address()), registry.addresses());
  }

  @Test
  void aTargetThatComesBackBeforeItIsDrainedIsTheSameOne() {
    TargetState one = find("r", "g", ONE);
    assertTrue(one.tryClaim());
    registry.forget("r");
    assertFalse(one.tryClaim());
    assertSame(one, find("r", "g", ONE));
    assertTrue(one.tryClaim());
    one.release();
    one.release();
    assertSame(one, find("r", "g", ONE));
  }

  @Test
  void aTargetThatMovesIsAnotherOne() {
    TargetState before = find("r", "g", ONE.withId("db"));
    TargetState after = find("r", "g", TWO.withId("db"));
    assertNotSame(before, after);
    registry.retainTargets("r", Set.of(after));
    assertTrue(before.drained());
    assertEquals(List.of(after.address()), registry.addresses());
  }

  @Test
  void anAddressGoesWithItsLastUserAndItsLastSocket() {
    TargetState one = find("r", "g", ONE);
    assertTrue(one.address().tryOpen(1));
    assertFalse(one.address().tryOpen(1));
    assertEquals(1, one.address().open());
    registry.forget("r");
    assertEquals(List.of(one.address()), registry.addresses());
    one.address().closed();
    assertEquals(List.of(), registry.addresses());
    assertNotSame(one, find("r", "g", ONE));
  }

  @Test
  void aSocketThatClosesInAnAddressInUseFreesNothing() {
    TargetState one = find("r", "g", ONE);
    assertTrue(one.address().tryOpen(1));
    one.address().closed();
    assertSame(one.address(), find("r2", "g", ONE).address());
  }

  @Test
  void cursorsOutliveAChangeAndGoWithTheRoute() {
    AtomicInteger cursor = registry.route("r").group("g").cursor();
    assertSame(cursor, registry.route("r").group("g").cursor());
    assertNotSame(cursor, registry.route("r").group("h").cursor());
    AtomicInteger overGroups = registry.route("r").groupCursor();
    assertEquals(0, overGroups.getAndIncrement());
    assertSame(overGroups, registry.route("r").groupCursor());
    assertEquals(0, cursor.get(), "each turns on its own");
    registry.forget("r");
    assertNotSame(cursor, registry.route("r").group("g").cursor());
  }

  @Test
  void aForgottenRouteGoesWhenItsLastRequestEnds() {
    TargetState one = find("r", "g", ONE);
    AtomicInteger cursor = registry.route("r").group("g").cursor();
    assertTrue(one.tryClaim());
    registry.forget("r");
    one.release();
    assertEquals(List.of(), registry.addresses());
    assertNotSame(cursor, registry.route("r").group("g").cursor());
  }

  @Test
  void aRouteThatComesBackIsNotDroppedWithItsLastTarget() {
    TargetState one = find("r", "g", ONE);
    RouteState route = registry.route("r");
    assertTrue(one.tryClaim());
    registry.forget("r");
    registry.route("r");
    one.release();
    assertEquals(List.of(), registry.addresses());
    assertSame(route, registry.route("r"));
  }

  @Test
  void aGroupGoesWithItsLastTarget() {
    GroupState g = find("r", "g", ONE).group();
    GroupState h = find("r", "h", ONE).group();
    TargetState i = find("r", "i", ONE);
    registry.retainTargets("r", Set.of(i));
    registry.route("r");
    assertNotSame(g, registry.route("r").group("g"));
    assertNotSame(h, registry.route("r").group("h"));
    assertSame(i.group(), registry.route("r").group("i"));
  }

  /** From three to two to one and back: each count is kept in another way. */
  @Test
  void theTargetsOfARouteKeepTheirStatesHoweverManyTheyAre() {
    Target three = Target.of("http://three:80");
    TargetState first = find("r", "g", ONE);
    TargetState second = find("r", "g", TWO);
    TargetState third = find("r", "g", three);
    registry.retainTargets("r", Set.of(first, third));
    assertEquals(2, registry.addresses().size());
    assertSame(first, find("r", "g", ONE));
    assertSame(third, find("r", "g", three));
    assertNotSame(second, find("r", "g", TWO));
    registry.retainTargets("r", Set.of(third));
    assertEquals(List.of(third.address()), registry.addresses());
    assertSame(third, find("r", "g", three));
    assertNotSame(first, find("r", "g", ONE));
    assertSame(third, find("r", "g", three));
  }

  @Test
  void forgettingWhatIsUnknownIsNoError() {
    registry.forget("none");
    registry.retainTargets("none", Set.of());
    assertEquals(List.of(), registry.addresses());
  }

  private TargetState find(String route, String group, Target target) {
    return registry.target(route, group, target, TargetTls.DEFAULT);
  }
}
