package io.proxyetc.launcher;

import io.proxyetc.Limits;
import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code proxyetc demo}: a sample application in two versions, and a proxy in front of them. */
@Command(
    name = "demo",
    description =
        "Starts a small sample application in two versions, and a proxy in front of them.",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class)
final class DemoCommand implements Callable<Integer> {
  private static final Limits LIMITS = Limits.DEFAULT.withDrain(Duration.ofSeconds(1));
  private static final int USUAL_PORT = 8080;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "the proxy's port; without it 8080, or any free one where that is taken")
  private int port = -1;

  @CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    if (port > 65_535 || port < -1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--port " + port + ": is no port; give one between 0 and 65535");
    }
    DemoFiles files = DemoFiles.create();
    SampleApplication blue = SampleApplication.start("blue");
    SampleApplication green = SampleApplication.start("green");
    Path routes = files.writeRoutes(blue.url(), green.url());
    ProxyServer proxy;
    try {
      proxy = start(routes);
    } catch (ProxyException e) {
      files.delete();
      throw e;
    }
    Shutdown.drains(
        proxy,
        () -> {
          blue.close();
          green.close();
          files.delete();
          System.out.println("The demo has ended; nothing of it is left.");
        });
    if (port < 0 && proxy.port() != USUAL_PORT) {
      System.out.println("Port " + USUAL_PORT + " is taken: the demo uses " + proxy.port() + ".");
    }
    System.out.print(DemoText.of(proxy.listeners().get(0).url(), routes));
    Thread.currentThread().join(); // until the shutdown hook halts the JVM
    return Main.OK;
  }

  private ProxyServer start(Path routes) {
    if (port >= 0) {
      return start(routes, port);
    }
    try {
      return start(routes, USUAL_PORT);
    } catch (ProxyException e) {
      return start(routes, 0);
    }
  }

  private static ProxyServer start(Path routes, int port) {
    return ProxyServer.builder().http("localhost", port).fileStore(routes).limits(LIMITS).start();
  }
}
