package io.proxyetc.launcher;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code proxyetc run --config FILE}: runs until it is told to end. */
@Command(
    name = "run",
    description =
        "Runs the proxy of a configuration until it gets SIGTERM or SIGINT; then it drains.",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class)
final class RunCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "the configuration, a JSON file: docs/configuration.md describes it")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path file;

  @Override
  public Integer call() throws InterruptedException {
    return Run.run(file);
  }
}
