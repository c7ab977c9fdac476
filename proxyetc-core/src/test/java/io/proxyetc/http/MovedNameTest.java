package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A target's name moves to another address while clients keep its connections busy. */
@EnabledOnOs(OS.LINUX) // others have no second loopback address unless they are told
final class MovedNameTest {
  private static final String NAME = "app.test";
  private static final String HERE = "127.0.0.1";
  private static final String THERE = "127.0.0.2";
  private static final int CLIENTS = 3;

  @TempDir private Path directory;

  @Test
  void requestsFollowTheNameAndNoneFails() throws Exception {
    Path hosts = directory.resolve("hosts");
    point(hosts, HERE);
    try (Targets targets = Targets.start();
        Proxy proxy = Proxy.start(directory, hosts, "http://" + NAME + ":" + targets.port())) {
      List<Load> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Load(proxy.port));
      }
      awaitAnswers(clients, "200 here");
      assertEquals(0, targets.there.connections().size());

      point(hosts, THERE);
      awaitAnswers(clients, "200 there");
      Await.until("no connection leads here any more", () -> targets.here.openConnections() == 0);
      int last = targets.here.requests().size();
      int mark = clients.stream().mapToInt(client -> client.answered).max().orElseThrow();
      Await.until(
          "all go on asking",
          () -> clients.stream().allMatch(client -> client.answered > mark + 100));

      clients.forEach(Load::end);
      clients.forEach(client -> assertEquals(Set.of("200 here", "200 there"), client.answers));
      assertEquals(last, targets.here.requests().size());
    }
  }

  private static void awaitAnswers(List<Load> clients, String answer) {
    Await.until(
        "each client got " + answer,
        () -> clients.stream().allMatch(client -> client.answers.contains(answer)));
  }

  /** Whole at any time, since it is read whenever a name is looked up. */
  private static void point(Path hosts, String address) throws IOException {
    Path next = Files.writeString(hosts.resolveSibling("hosts.next"), address + " " + NAME + "\n");
    Files.move(next, hosts, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Two servers on two addresses and one port. */
  private record Targets(RecordingTarget here, RecordingTarget there) implements AutoCloseable {
    static Targets start() {
      for (int i = 1; ; i++) {
        RecordingTarget here = RecordingTarget.start(answer("here"));
        try {
          return new Targets(here, RecordingTarget.startAt(THERE, here.port(), answer("there")));
        } catch (UncheckedIOException e) {
          here.close(); // the port may be taken there
          if (i == 10) {
            throw e;
          }
        }
      }
    }

    private static Script answer(String text) {
      return exchange -> exchange.send(Script.okay(text));
    }

    int port() {
      return here.port();
    }

    @Override
    public void close() {
      here.close();
      there.close();
    }
  }

  /** A client that sends one request after the other. */
  private static final class Load {
    final Set<String> answers = ConcurrentHashMap.newKeySet();
    final CompletableFuture<Void> done;
    volatile int answered;
    volatile boolean over;

    Load(int port) {
      done = OwnThread.run(() -> run(port));
    }

    private void run(int port) {
      try (RawClient client = RawClient.connect(port)) {
        for (int i = 1; !over; i++) {
          RawResponse got = client.send(Rig.request("GET", "/")).read();
          answers.add(got.status() + " " + got.body());
          answered = i;
        }
      }
    }

    void end() {
      over = true;
      Await.get("the client's last answer", done);
    }
  }

  /** The proxy's process. */
  private static final class Proxy implements AutoCloseable {
    final Process process;
    final int port;

    private Proxy(Process process) throws IOException {
      this.process = process;
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
      this.port = Integer.parseInt(out.readLine());
    }

    static Proxy start(Path directory, Path hosts, String target) throws IOException {
      Path security = directory.resolve("security");
      Files.writeString(security, "networkaddress.cache.ttl=1\n");
      String classes =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      return new Proxy(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Djdk.net.hosts.file=" + hosts,
                  "-Djava.security.properties=" + security,
                  "-cp",
                  classes,
                  NamedTargetProxy.class.getName(),
                  target)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
