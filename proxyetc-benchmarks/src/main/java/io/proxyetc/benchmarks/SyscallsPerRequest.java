package io.proxyetc.benchmarks;

/**
 * System calls of a proxy, seen against the requests that caused them.
 *
 * @param counts of all its threads
 * @param requests answered meanwhile
 */
record SyscallsPerRequest(SyscallCounts counts, long requests) {

  double reads() {
    return counts.reads() / (double) requests;
  }

  double writes() {
    return counts.writes() / (double) requests;
  }

  double of(String name) {
    return counts.of(name) / (double) requests;
  }

  double epollWaits() {
    return of("epoll_wait") + of("epoll_pwait") + of("epoll_pwait2");
  }

  double total() {
    return counts.total() / (double) requests;
  }
}
