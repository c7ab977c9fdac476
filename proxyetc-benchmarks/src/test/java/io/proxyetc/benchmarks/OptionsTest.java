package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void allCasesAndPeersByDefault() {
    Options options = Options.parse(List.of());
    assertEquals(Set.copyOf(Options.CASES), options.cases());
    assertEquals(Set.copyOf(Options.PEERS), options.peers());
    assertTrue(options.latency());
  }

  @Test
  void quickIsOneCaseUnlessSomeAreNamed() {
    assertEquals(Set.of("1k"), Options.parse(List.of("--quick")).cases());
    Options options = Options.parse(List.of("--cases", "tls,h2", "--quick", "--rounds", "1"));
    assertEquals(Set.of("tls", "h2"), options.cases());
    assertEquals(1, options.rounds());
    assertFalse(options.latency());
  }

  @Test
  void theWholeDefaultRunStaysUnderTwentyMinutes() {
    int seconds = Estimate.seconds(Options.parse(List.of()));
    assertTrue(seconds < 20 * 60, seconds + " s");
  }

  @Test
  void faultsNameTheOptionAndTheRemedy() {
    assertEquals(
        "--peers: 'caddy' is not one of proxyetc, nginx, haproxy, undertow",
        fault("--peers", "caddy"));
    assertEquals("--rounds: '0' is no number from 1 to 100", fault("--rounds", "0"));
    assertEquals("--out: a value is missing; see ./benchmark --help", fault("--out"));
    assertEquals("'--fast' is no option; see ./benchmark --help", fault("--fast"));
    assertEquals("--attach: '8080' is not PORT:PID, such as 8080:4711", fault("--attach", "8080"));
  }

  private static String fault(String... arguments) {
    List<String> list = List.of(arguments);
    return assertThrows(BenchmarkException.class, () -> Options.parse(list)).getMessage();
  }
}
