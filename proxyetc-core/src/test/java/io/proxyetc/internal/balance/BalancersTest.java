package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Balancing;
import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.RequestView;
import io.proxyetc.testkit.Await;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BalancersTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final TargetRegistry registry = new TargetRegistry();
  private final AtomicInteger cursor = new AtomicInteger();
  private long now;

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    Balancers balancers = new Balancers(Map.of("mine", targets -> (r, attempt) -> 0));
    InvalidRouteException e =
        assertThrows(
            InvalidRouteException.class,
            () -> balancers.picker(Balancing.of("x"), List.of(), () -> cursor));
    assertEquals("balancer", e.path());
    assertTrue(
        e.getMessage().contains("[consistent-hash, least-requests, mine, random, round-robin]"),
        e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Balancers(Map.of(Balancing.ROUND_ROBIN, targets -> (r, attempt) -> 0)));
  }

  @Test
  void eachTurnIsExact() {
    Balancer.Picker picker = roundRobin(targets(5, 3, 0, 2));
    assertArrayEquals(new int[] {500, 300, 0, 200}, count(picker, 4, 1_000));
  }

  @RepeatedTest(50)
  void eachTurnIsExactWhateverThreadAsks() throws Exception {
    Balancer.Picker picker = roundRobin(targets(5, 3, 0, 2));
    AtomicIntegerArray counts = new AtomicIntegerArray(4);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 250; i++) {
                  counts.incrementAndGet(picker.pick(new View(-1), 0));
                }
              }));
    }
    for (Future<?> each : running) {
      each.get(10, TimeUnit.SECONDS);
    }
    threads.shutdown();
    assertEquals("[500, 300, 0, 200]", counts.toString());
  }

  @Test
  void aChangeOfWeightsGoesOnWhereTheRotationStands() {
    Balancer.Picker picker = roundRobin(targets(1, 1, 1));
    assertEquals(0, picker.pick(new View(-1), 0));
    assertEquals(1, roundRobin(targets(2, 2, 2)).pick(new View(-1), 0));
  }

  @Test
  void aRetryGetsEachTargetThatHasAWeightOnce() {
    Balancer.Picker picker = roundRobin(targets(1, 0, 5, 2));
    for (int request = 0; request < 20; request++) {
      Set<Integer> seen = new HashSet<>();
      int previous = -1;
      for (int attempt = 0; attempt < 3; attempt++) {
        previous = picker.pick(new View(previous), attempt);
        assertTrue(previous != 1 && seen.add(previous), "index " + previous);
      }
      assertEquals(-1, picker.pick(new View(previous), 3));
      assertEquals(-1, picker.pick(new View(previous), 4));
    }
  }

  @Test
  void oneTargetOrNoneIsNoSpecialCaseToTheCaller() {
    Balancer.Picker one = roundRobin(targets(7));
    assertEquals(0, one.pick(new View(-1), 0));
    assertEquals(-1, one.pick(new View(0), 1));
    assertEquals(-1, roundRobin(targets(0)).pick(new View(-1), 0));
    assertEquals(-1, roundRobin(targets()).pick(new View(-1), 0));
  }

  @Test
  void theShareOfATargetThatIsDownGoesToAllOthersByTheirWeights() {
    List<TargetState> targets = targets(2, 2, 4, 2);
    Balancer.Picker picker = roundRobin(targets);
    eject(targets.get(0));
    assertArrayEquals(new int[] {0, 250, 500, 250}, count(picker, 4, 1_000));
    now = 2 * SECOND;
    assertArrayEquals(new int[] {200, 200, 400, 200}, count(picker, 4, 1_000));
  }

  @Test
  void whereAllAreDownTheyAreTriedInTurn() {
    for (int size : new int[] {2, 3, 16, 17, 18, 50}) {
      int[] weights = new int[size];
      Arrays.fill(weights, 1);
      List<TargetState> targets = targets(weights);
      Balancer.Picker picker = roundRobin(targets);
      targets.forEach(this::eject);
      int[] counts = count(picker, size, 100 * size);
      assertTrue(Arrays.stream(counts).filter(n -> n > 0).count() > 1, "size " + size);
    }
  }

  @Test
  void theLastOneThatWorksIsFoundHoweverRarelyItIsItsTurn() {
    List<TargetState> targets = targets(1000, 1000, 1);
    Balancer.Picker picker = roundRobin(targets);
    eject(targets.get(0));
    eject(targets.get(1));
    assertArrayEquals(new int[] {0, 0, 100}, count(picker, 3, 100));
  }

  @Test
  void aUsersBalancerSeesTargetsAndPicks() {
    Balancer last = targets -> (r, attempt) -> attempt == 0 ? targets.size() - 1 : -1;
    Balancers balancers = new Balancers(Map.of("last", last));
    Balancer.Picker picker = balancers.picker(Balancing.of("last"), targets(1, 1, 1), () -> cursor);
    assertEquals(2, picker.pick(new View(-1), 0));
    assertEquals(-1, picker.pick(new View(2), 1));
    assertEquals(Map.of("last", 0L), balancers.faults());
  }

  @Test
  void aUsersBalancerThatThrowsOrGivesNothingFallsBackToRoundRobin() {
    Balancer throwing =
        targets -> {
          throw new IllegalStateException("no");
        };
    Balancers balancers = new Balancers(Map.of("throwing", throwing, "nothing", targets -> null));
    for (String name : List.of("throwing", "nothing")) {
      cursor.set(0);
      Balancer.Picker picker = balancers.picker(Balancing.of(name), targets(1, 1), () -> cursor);
      assertArrayEquals(new int[] {50, 50}, count(picker, 2, 100));
    }
    assertEquals(Map.of("throwing", 1L, "nothing", 1L), balancers.faults());
  }

  /** Nobody waits for it again before it has caught up. */
  @Test
  void aUsersBalancerThatDoesNotReturnIsReplacedUntilItDoes() {
    CountDownLatch go = new CountDownLatch(1);
    Balancer hanging =
        targets -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return (r, attempt) -> 1;
        };
    Map<String, Balancer> users = Map.of("hanging", hanging, "other", targets -> (r, attempt) -> 0);
    Duration patience = Duration.ofMillis(300);
    try (Balancers balancers = new Balancers(users, () -> now, patience, bound -> 0)) {
      List<Balancer.Picker> pickers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        pickers.add(balancers.picker(Balancing.of("hanging"), targets(1, 1), AtomicInteger::new));
      }
      pickers.forEach(picker -> assertArrayEquals(new int[] {5, 5}, count(picker, 2, 10)));
      assertEquals(1, balancers.faults().get("hanging"), "100 groups wait once, and not each");
      assertEquals(
          0,
          balancers
              .picker(Balancing.of("other"), targets(1, 1), () -> cursor)
              .pick(new View(-1), 0));

      go.countDown();
      for (Balancer.Picker picker : pickers) {
        Await.until("its own picker", () -> Arrays.equals(new int[] {0, 10}, count(picker, 2, 10)));
      }
      assertEquals(Map.of("hanging", 1L, "other", 0L), balancers.faults());
    }
  }

  @Test
  void anIndexThatDoesNotExistMeansNoneLeft() {
    int[] wrong = {5, 2, -2, -5};
    Balancers balancers = new Balancers(Map.of("wrong", targets -> (r, attempt) -> wrong[attempt]));
    Balancer.Picker picker = balancers.picker(Balancing.of("wrong"), targets(1, 1), () -> cursor);
    for (int attempt = 0; attempt < wrong.length; attempt++) {
      assertEquals(-1, picker.pick(new View(-1), attempt));
    }
    assertEquals(Map.of("wrong", 4L), balancers.faults());
  }

  @Test
  void aPickerThatThrowsIsNamed() {
    Balancer dividing = targets -> (r, attempt) -> 1 / attempt;
    Balancers balancers = new Balancers(Map.of("dividing", dividing));
    Balancer.Picker picker =
        balancers.picker(Balancing.of("dividing"), targets(1, 1), () -> cursor);
    ProxyException e = assertThrows(ProxyException.class, () -> picker.pick(new View(-1), 0));
    assertTrue(e.getMessage().contains("balancer dividing"));
    assertEquals(Map.of("dividing", 1L), balancers.faults());
  }

  private Balancer.Picker roundRobin(List<TargetState> targets) {
    return new Balancers(Map.of(), () -> now, Duration.ofSeconds(2), bound -> 0)
        .picker(Balancing.DEFAULT, targets, () -> cursor);
  }

  private List<TargetState> targets(int... weights) {
    List<TargetState> targets = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      Target target = Target.of("http://h" + i + ":80").withWeight(weights[i]);
      targets.add(registry.target("r", "g", target, TargetTls.DEFAULT));
    }
    return targets;
  }

  private static int[] count(Balancer.Picker picker, int size, int requests) {
    int[] counts = new int[size];
    for (int i = 0; i < requests; i++) {
      counts[picker.pick(new View(-1), 0)]++;
    }
    return counts;
  }

  private record View(int previous) implements RequestView {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public String header(String name) {
      return null;
    }

    @Override
    public InetAddress client() {
      return InetAddress.getLoopbackAddress();
    }
  }

  private void eject(TargetState target) {
    target.eject(now, 2 * SECOND, 10 * SECOND, true);
  }
}
