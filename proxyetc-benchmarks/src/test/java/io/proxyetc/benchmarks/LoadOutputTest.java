package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class LoadOutputTest {

  private static final String WRK =
      """
      Running 5s test @ http://127.0.0.1:8080/1k
        1 threads and 64 connections
        Thread Stats   Avg      Stdev     Max   +/- Stdev
          Latency     4.69ms    9.48ms 103.47ms   93.66%
          Req/Sec    26.53k    14.88k   44.95k    60.00%
        26325 requests in 5.01s, 3.14MB read
      Requests/sec:  26312.26
      Transfer/sec:      3.13MB
      """;

  private static final String H2LOAD =
      """
      finished in 2.01s, 4512.50 req/s, 242.86KB/s
      requests: 9025 total, 9281 started, 9025 done, 9020 succeeded, 5 failed, 3 errored, 0 timeout
      status codes: 9020 2xx, 0 3xx, 1 4xx, 4 5xx
      traffic: 485.72KB (497376) total, 80.00KB (81920) headers (space savings 95.00%)
      """;

  @Test
  void wrkCountsRequests() {
    assertEquals(new LoadResult(26_325, 0, 5.01), WrkOutput.parse(WRK));
  }

  @Test
  void wrkRefusedRequestsAndSocketErrorsAreFailures() {
    String output =
        WRK
            + "  Socket errors: connect 1, read 2, write 3, timeout 4\n"
            + "  Non-2xx or 3xx responses: 300\n";
    assertEquals(new LoadResult(26_025, 310, 5.01), WrkOutput.parse(output));
  }

  @Test
  void wrkMayTakeMinutes() {
    String output = WRK.replace("in 5.01s", "in 1.50m");
    assertEquals(90.0, WrkOutput.parse(output).seconds());
  }

  @Test
  void h2loadCountsWhatSucceeded() {
    assertEquals(new LoadResult(9_020, 5, 2.01), H2loadOutput.parse(H2LOAD));
  }

  @Test
  void outputWithoutSummaryIsShown() {
    String fault = "unable to connect to 127.0.0.1:1 Connection refused";
    BenchmarkException wrk = assertThrows(BenchmarkException.class, () -> WrkOutput.parse(fault));
    BenchmarkException h2load =
        assertThrows(BenchmarkException.class, () -> H2loadOutput.parse(fault));
    assertEquals("wrk: no summary in its output:\n" + fault, wrk.getMessage());
    assertEquals("h2load: no summary in its output:\n" + fault, h2load.getMessage());
  }
}
