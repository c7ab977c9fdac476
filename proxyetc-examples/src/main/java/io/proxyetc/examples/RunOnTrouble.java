package io.proxyetc.examples;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthNotifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A notifier of one's own: runs a command when something is wrong, with the event in one line as
 * its last argument.
 *
 * <pre>{@code
 * ProxyServer.builder().notifier(new RunOnTrouble("page-somebody"))…
 * }</pre>
 */
public record RunOnTrouble(List<String> command) implements HealthNotifier {
  public RunOnTrouble(String... words) {
    this(List.of(words));
  }

  @Override
  public void notify(HealthEvent event) throws IOException, InterruptedException {
    if (event.kind().severity() != HealthEvent.Severity.BAD) {
      return;
    }
    List<String> words = new ArrayList<>(command);
    words.add(event.line());
    Process process = new ProcessBuilder(words).inheritIO().start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) { // this thread is the notifier's own: it may wait
      process.destroyForcibly();
      throw new IOException(command + " does not end"); // the proxy counts it, and goes on
    }
  }
}
