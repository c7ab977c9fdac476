package io.proxyetc.internal.http.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadAddressesTest {
  private final AtomicLong now = new AtomicLong(-5);
  private final DeadAddresses dead = new DeadAddresses(now::get);

  private static InetAddress ip(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private List<Integer> order(int first) {
    InetAddress[] all = {ip(1), ip(2), ip(3)};
    return Arrays.stream(dead.last(all, first)).map(a -> (int) a.getAddress()[3]).toList();
  }

  @Test
  void allGetTheirTurnWhileNoneIsDead() {
    assertEquals(List.of(1, 2, 3), order(0));
    assertEquals(List.of(2, 3, 1), order(1));
    assertEquals(List.of(3, 1, 2), order(2));
  }

  @Test
  void theDeadComeLastForTenSeconds() {
    dead.add(ip(2));
    assertEquals(List.of(1, 3, 2), order(0));
    assertEquals(List.of(3, 1, 2), order(1));
    now.addAndGet(TimeUnit.SECONDS.toNanos(10));
    assertEquals(List.of(2, 3, 1), order(1));
  }

  @Test
  void whereAllAreDeadAllAreTried() {
    dead.add(ip(1));
    dead.add(ip(2));
    dead.add(ip(3));
    assertEquals(3, order(0).size());
    assertEquals(3, order(0).stream().distinct().count());
  }

  @Test
  void onlySoManyAreRemembered() {
    for (int i = 0; i < 1_001; i++) {
      dead.add(address(i));
    }
    InetAddress[] oldest = {address(0), address(1)};
    assertEquals(List.of(address(0), address(1)), List.of(dead.last(oldest, 0)));
  }

  private static InetAddress address(int i) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
