package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Targets by name, with a hosts file of the test's own. */
@EnabledOnOs(OS.LINUX) // all of 127.0.0.0/8 is there, and a full backlog swallows connects
class LauncherNamesTest {
  @TempDir private Path dir;

  /** A dead machine mostly says nothing: that must not take all the time there is. */
  @Test
  void anAddressThatSwallowsConnectsLeavesTimeForTheNext() throws Exception {
    try (SampleApplication application = SampleApplication.start("blue")) {
      int port = URI.create(application.url()).getPort();
      List<Socket> waiting = new ArrayList<>();
      try (ServerSocket hole = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.9"))) {
        fill(hole, waiting);
        try (Running proxy = launch(port)) {
          String url = proxy.line("listening on ") + "/slow";
          HttpClient client = HttpClient.newHttpClient();
          List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
          for (int i = 0; i < 10; i++) { // at once: each makes a connection
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
          }
          for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertEquals(200, answer.get().statusCode());
          }
        }
      } finally {
        for (Socket socket : waiting) {
          socket.close();
        }
      }
    }
  }

  private static void fill(ServerSocket hole, List<Socket> waiting) throws Exception {
    for (int i = 0; i < 64; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress("127.0.0.9", hole.getLocalPort()), 200);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
    throw new AssertionError("the backlog does not fill");
  }

  private Running launch(int port) throws Exception {
    Path hosts = dir.resolve("hosts");
    Files.writeString(hosts, "127.0.0.9 two.test\n127.0.0.1 two.test\n127.0.0.1 localhost\n");
    Files.writeString(
        dir.resolve("c.json"),
        """
        {"http": {"hostname": "127.0.0.1", "port": 0}, "store": {"type": "memory"},
         "routes": [{"id": "two", "to": ["http://two.test:%d"], "retries": 0,
                     "timeouts": {"connect": 2}}]}
        """
            .formatted(port));
    return Running.launcher(
        List.of("env", "JDK_JAVA_OPTIONS=-Djdk.net.hosts.file=" + hosts),
        dir,
        "run",
        "--config",
        "c.json");
  }
}
