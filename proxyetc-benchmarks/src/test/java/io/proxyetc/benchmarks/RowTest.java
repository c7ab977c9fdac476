package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowTest {

  @Test
  void oneDisturbedRoundDoesNotMoveTheFigures() {
    Row row = row("ours", 10, 11, 90);
    assertEquals(11, row.cpuMicros());
    assertEquals(1000, row.perSecond());
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    Row ours = row("ours", 10, 20, 30);
    Row other = row("other", 10, 10, 30);
    assertEquals(1, ours.cpuRatioTo(other));
    assertEquals(15, Medians.of(List.of(20.0, 10.0)));
  }

  @Test
  void theReportNamesWhoFailed() {
    Row good = row("nginx", 10);
    Row bad =
        new Row("other", List.of(), Optional.empty(), Optional.empty(), 0, 0, Optional.of("hangs"));
    Case load =
        new Case("1k", "title", false, (proxy, s) -> new LoadResult(0, 0, s), Optional.empty());
    String report = Report.of(load, List.of(good, bad), List.of("nginx"));
    assertTrue(report.contains("other failed: hangs"), report);
    assertTrue(report.contains("| nginx |           10.0 | 10.0 |    1.00 |"), report);
    assertTrue(report.contains("| other |              - |    - |       - |"), report);
  }

  @Test
  void goalsAreJudgedWhereTheyWereMeasured() {
    Measured measured = new Measured();
    assertTrue(Goal.verdicts(measured).isEmpty());
    measured.rows("1k", List.of(row("proxyetc", 11), row("nginx", 10), row("haproxy", 10)));
    measured.figure("put", Puts.LIVE, 9.5);
    String goals = Goal.verdicts(measured).orElseThrow().replaceAll(" +", " ");
    assertTrue(goals.contains("÷ nginx's | 1.20 | 1.10 | yes |"), goals);
    assertTrue(goals.contains("÷ haproxy's | 1.00 | 1.10 | **no** |"), goals);
    assertTrue(goals.contains("put: " + Puts.LIVE + " | 10.00 | 9.50 | yes |"), goals);
    assertEquals(5, goals.strip().lines().skip(2).count(), goals); // two of them the header
  }

  @Test
  void percentilesAreRanks() {
    long[] micros = new long[200];
    Arrays.setAll(micros, i -> i < 100 ? 100 - i : 1_000_000);
    assertEquals(new Latency(5, 50, 99), Latency.of(5, micros, 100));
  }

  private static Row row(String name, double... micros) {
    List<Round> rounds =
        Arrays.stream(micros)
            .mapToObj(m -> new Round(new CpuTime(m, 0), new LoadResult(1000, 0, 1)))
            .toList();
    return new Row(name, rounds, Optional.empty(), Optional.empty(), 0, 0, Optional.empty());
  }
}
