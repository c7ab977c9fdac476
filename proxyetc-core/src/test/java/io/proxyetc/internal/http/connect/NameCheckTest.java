package io.proxyetc.internal.http.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class NameCheckTest {
  private static final InetAddress ONE = ip(1);
  private static final InetAddress TWO = ip(2);

  private final AtomicReference<InetAddress[]> known = new AtomicReference<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final NameCheck check =
      new NameCheck(
          host -> {
            assertEquals("app.test", host);
            asked.incrementAndGet();
            return known.get();
          },
          "app.test",
          ONE,
          seconds(30),
          0);

  private static InetAddress ip(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static long seconds(int n) {
    return TimeUnit.SECONDS.toNanos(n);
  }

  @Test
  void anAddressThatTheNameHasNoMoreIsNoticedAtTheNextLook() {
    known.set(new InetAddress[] {TWO});
    assertTrue(check.holds(seconds(29)));
    assertEquals(0, asked.get());
    assertFalse(check.holds(seconds(30)));
  }

  @Test
  void oneOfSeveralHolds() {
    known.set(new InetAddress[] {TWO, ONE});
    assertTrue(check.holds(seconds(40)));
    assertTrue(check.holds(seconds(41)));
    assertEquals(1, asked.get());
    known.set(new InetAddress[] {TWO});
    assertFalse(check.holds(seconds(70)));
  }

  @Test
  void whatIsNotKnownAnyMoreHolds() {
    assertTrue(check.holds(seconds(60)));
  }

  @Test
  void addressesNeedNoCheck() {
    assertTrue(NameCheck.needless("127.0.0.1"));
    assertTrue(NameCheck.needless("2001:db8::1"));
    assertFalse(NameCheck.needless("localhost"));
    assertFalse(NameCheck.needless("10.example"));
  }
}
