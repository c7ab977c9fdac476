package io.proxyetc.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * wrk with one thread: HTTP/1.1, every connection sends its next request when the last is answered.
 *
 * @param processes starts it
 * @param connections at once
 * @param tls https instead of http
 * @param path what to ask for
 * @param options more of wrk's options
 */
record Wrk(Processes processes, int connections, boolean tls, String path, List<String> options)
    implements Load {

  @Override
  public LoadResult run(Proxy proxy, int seconds) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s"));
    command.addAll(options);
    command.add(tls ? proxy.https(path) : proxy.http(path));
    String output = processes.run("wrk", command, Duration.ofSeconds(seconds + 15L));
    return WrkOutput.parse(output);
  }
}
