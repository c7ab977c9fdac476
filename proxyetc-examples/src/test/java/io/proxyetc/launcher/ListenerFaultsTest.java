package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.examples.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener that cannot be bound: the launcher ends, and says which, why, and what to do. */
class ListenerFaultsTest {
  private static final Path FIRST_FREE_FOR_ALL =
      Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

  @TempDir private Path dir;

  private Path config(String listeners) throws IOException {
    String text = "{" + listeners + ", 'store': {'type': 'memory'}}";
    return Files.writeString(dir.resolve("c.json"), text.replace('\'', '"'));
  }

  private static void assertEndsWith(String message, Running launcher) {
    assertEquals(1, launcher.code(), launcher.err());
    assertEquals("proxyetc: " + message + "\n", launcher.err());
    assertEquals("", launcher.out());
  }

  private void assertRunEndsWith(String message, String listeners) throws IOException {
    config(listeners);
    try (Running launcher = Running.launcher(dir, "run", "--config", "c.json")) {
      assertEndsWith(message, launcher);
    }
  }

  @Test
  void portInUse() throws Exception {
    TestCertificate.make(dir);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      String where = "'hostname': '127.0.0.1', 'port': " + port;
      String why = ": the port is in use; stop what listens there, or choose another port";
      assertRunEndsWith(
          "cannot listen on http://127.0.0.1:" + port + why, "'http': {" + where + "}");
      assertRunEndsWith(
          "cannot listen on https://127.0.0.1:" + port + why,
          "'http': {'port': 0}, 'https': {"
              + where
              + ", 'certPath': 'cert.pem', 'keyPath': 'key.pem'}");
    }
  }

  @Test
  void addressOfAnotherMachine() throws Exception {
    assertRunEndsWith(
        "cannot listen on http://192.0.2.1:8080: 192.0.2.1 is no address of this machine;"
            + " give one that is, localhost, or * for all of them",
        "'http': {'hostname': '192.0.2.1', 'port': 8080}");
  }

  @Test
  void unknownName() throws Exception {
    assertRunEndsWith(
        "cannot listen on http://nowhere.invalid:8080: the name 'nowhere.invalid' cannot be"
            + " resolved; give an address of this machine, localhost, or * for all of them",
        "'http': {'hostname': 'nowhere.invalid', 'port': 8080}");
  }

  @Test
  void portThatThisUserMayNotOpen() throws Exception {
    Assumptions.assumeTrue(
        Files.isReadable(FIRST_FREE_FOR_ALL), "this system does not tell which ports are for root");
    // Not readString: it reads byte by byte what has no length, and the kernel gives it the first.
    int port = Integer.parseInt(Files.readAllLines(FIRST_FREE_FOR_ALL).get(0)) - 1;
    Assumptions.assumeTrue(port > 0, "everybody may open every port here");
    Path config = config("'http': {'hostname': '127.0.0.1', 'port': " + port + "}");
    try (Running launcher =
        Running.launcher(withoutPrivilege(), dir, "run", "--config", config.toString())) {
      assertEndsWith(
          "cannot listen on http://127.0.0.1:"
              + port
              + ": this user may not open the port; choose one from 1024 on, or grant the process"
              + " CAP_NET_BIND_SERVICE",
          launcher);
    }
  }

  /** What goes before a command so that root has no more rights to a port than others. */
  private static List<String> withoutPrivilege() {
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    Programs.require("setpriv");
    return List.of(
        "setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service", "--");
  }
}
