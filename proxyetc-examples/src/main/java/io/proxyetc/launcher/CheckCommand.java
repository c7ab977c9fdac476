package io.proxyetc.launcher;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.HealthEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code proxyetc check --config FILE}: says all that is wrong with a configuration. */
@Command(
    name = "check",
    description = "Checks a configuration, its certificates and its routes, and runs nothing.",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class)
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "the configuration, a JSON file: docs/configuration.md describes it")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path file;

  @Option(
      names = "--send-test",
      description =
          "sends a test by mail and to the webhook, where they are configured and all is well")
  private boolean sendTest;

  @Override
  public Integer call() {
    ConfigFile configFile = new ConfigFile(file);
    ConfigFile.Reading reading = configFile.read();
    List<String> faults = new ArrayList<>(reading.faults());
    if (reading.config().isEmpty()) {
      faults.forEach(System.err::println);
      return Main.USAGE;
    }
    Config config = reading.config().get();
    Inspection inspection = new Inspection(config, configFile);
    faults.addAll(inspection.named());
    faults.addAll(inspection.stored());
    List<String> unwritable = inspection.unwritable();
    faults.forEach(System.err::println);
    unwritable.forEach(System.err::println);
    if (!faults.isEmpty() || !unwritable.isEmpty()) {
      return faults.isEmpty() ? Main.FAILURE : Main.USAGE;
    }
    config.warnings().forEach(warning -> System.out.println("warning: " + warning));
    System.out.println("ok: " + summary(config, inspection.routes().size()));
    return sendTest ? sendTest(config.alerts()) : Main.OK;
  }

  private static int sendTest(List<Alert> alerts) {
    int code = Main.OK;
    for (Alert alert : alerts) {
      try {
        alert.sendNow().accept(test());
        System.out.println("sent: " + alert.name());
      } catch (ProxyException e) {
        System.err.println("not sent: " + e.getMessage());
        code = Main.FAILURE;
      }
    }
    if (alerts.isEmpty()) {
      System.out.println("sent nothing: the configuration has neither mail nor webhook");
    }
    return code;
  }

  private static HealthEvent test() {
    return HealthEvent.now(
        HealthEvent.Kind.TEST,
        "proxyetc check",
        "nothing happened: alerts of the proxy arrive here");
  }

  private static String summary(Config config, int stored) {
    List<String> parts = new ArrayList<>();
    config.http().ifPresent(http -> parts.add("http on " + address(http)));
    config.https().ifPresent(https -> parts.add("https on " + address(https)));
    config.alerts().forEach(alert -> parts.add(alert.name()));
    Optional<Path> store = config.store().file();
    parts.add(
        store.isEmpty()
            ? routes(config.routes().size()) + " in memory"
            : stored > 0 || Files.exists(store.get())
                ? routes(stored) + " in " + store.get()
                : routes(config.routes().size()) + " to begin with, to be kept in " + store.get());
    return String.join(", ", parts);
  }

  private static String address(Config.Listener listener) {
    return listener.hostname() + ":" + listener.port();
  }

  private static String routes(int count) {
    return count == 1 ? "1 route" : count + " routes";
  }
}
