package io.proxyetc.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * h2load with one thread: HTTP/2 over TLS.
 *
 * @param processes starts it
 * @param connections at once
 * @param streams requests at once on each connection
 * @param path what to ask for
 */
record H2load(Processes processes, int connections, int streams, String path) implements Load {

  @Override
  public LoadResult run(Proxy proxy, int seconds) {
    List<String> command =
        List.of(
            "h2load", "-t1", "-c" + connections, "-m" + streams, "-D" + seconds, proxy.https(path));
    String output = processes.run("h2load", command, Duration.ofSeconds(seconds + 15L));
    return H2loadOutput.parse(output);
  }
}
