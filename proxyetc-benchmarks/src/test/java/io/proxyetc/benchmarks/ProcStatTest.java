package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ProcStatTest {

  private static final String TAIL = " S 1 1 1 0 -1 4194304 9 8 7 6 250 130 40 2 20 0 9 0 77 1 1";

  @Test
  void addsTheTimeOfEndedChildren() {
    assertEquals(new ProcStat(290, 132), ProcStat.parse("4711 (nginx)" + TAIL));
  }

  @Test
  void namesMayHoldBlanksAndParentheses() {
    assertEquals(new ProcStat(290, 132), ProcStat.parse("4711 (a) b (c)" + TAIL));
  }

  @Test
  void refusesWhatIsNoStatLine() {
    assertThrows(BenchmarkException.class, () -> ProcStat.parse("4711 (nginx) S 1 1"));
    assertThrows(BenchmarkException.class, () -> ProcStat.parse(""));
  }

  @Test
  void readsKilobytesOfStatus() {
    String status = "Name:\tjava\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n";
    assertEquals(1024 * 1024, ProcStatus.bytes(status, "VmRSS"));
    assertEquals(0, ProcStatus.bytes(status, "VmSwap"));
  }
}
