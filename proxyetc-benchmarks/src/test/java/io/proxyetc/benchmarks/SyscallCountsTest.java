package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SyscallCountsTest {

  private static final String TABLE =
      """
      % time     seconds  usecs/call     calls    errors syscall
      ------ ----------- ----------- --------- --------- ----------------
       45.10    1.234567           6    200000           recvfrom
       40.00    1.100000           5    199000           writev
       10.00    0.300000           7      1000        12 read
        4.90    0.100000          99      6000           epoll_wait
      ------ ----------- ----------- --------- --------- ----------------
      100.00    2.734567           6    406000        12 total
      """;

  @Test
  void readsWithAndWithoutErrors() {
    SyscallCounts counts = SyscallCounts.parse(TABLE);
    assertEquals(201_000, counts.reads());
    assertEquals(199_000, counts.writes());
    assertEquals(6_000, counts.of("epoll_wait"));
    assertEquals(0, counts.of("epoll_ctl"));
    assertEquals(406_000, counts.total());
  }

  @Test
  void seenAgainstRequests() {
    SyscallsPerRequest calls = new SyscallsPerRequest(SyscallCounts.parse(TABLE), 100_000);
    assertEquals(2.01, calls.reads());
    assertEquals(0.06, calls.epollWaits());
  }

  @Test
  void noTableIsAFault() {
    assertThrows(
        BenchmarkException.class,
        () -> SyscallCounts.parse("strace: attach: ptrace(PTRACE_SEIZE, 1): not permitted"));
  }
}
