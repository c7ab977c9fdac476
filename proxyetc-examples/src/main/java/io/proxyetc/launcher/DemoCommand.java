package io.proxyetc.launcher;

import io.proxyetc.Limits;
import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    List<SampleServer> blue = new ArrayList<>();
    List<SampleServer> green = new ArrayList<>();
    Path routes;
    ProxyServer proxy;
    try {
      startServers(blue, green);
      routes = files.writeRoutes(blue, green);
      proxy = start(routes);
    } catch (ProxyException | LauncherException e) {
      end(blue, green, files);
      throw e;
    }
    Shutdown.drains(
        proxy,
        () -> {
          end(blue, green, files);
          System.out.println("The demo has ended; nothing of it is left.");
        });
    if (port < 0 && proxy.port() != USUAL_PORT) {
      System.out.println("Port " + USUAL_PORT + " is taken: the demo uses " + proxy.port() + ".");
    }
    System.out.print(DemoText.of(proxy.listeners().get(0).url(), routes, blue.get(0), blue.get(1)));
    Thread.currentThread().join(); // until the shutdown hook halts the JVM
    return Main.OK;
  }

  private static void startServers(List<SampleServer> blue, List<SampleServer> green) {
    List<SampleServer.Starting> blues = twoOf("blue");
    List<SampleServer.Starting> greens = twoOf("green");
    blues.forEach(starting -> blue.add(starting.await()));
    greens.forEach(starting -> green.add(starting.await()));
  }

  private static List<SampleServer.Starting> twoOf(String version) {
    return List.of(SampleServer.start(version, 1), SampleServer.start(version, 2));
  }

  private static void end(List<SampleServer> blue, List<SampleServer> green, DemoFiles files) {
    blue.forEach(SampleServer::close);
    green.forEach(SampleServer::close);
    files.delete();
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
    return ProxyServer.builder()
        .http("localhost", port)
        .fileStore(routes)
        .limits(LIMITS)
        .notifier(event -> System.out.println("ALERT  " + event.line()))
        .start();
  }
}
