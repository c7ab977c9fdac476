package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.proxyetc.examples.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code check} says all that is wrong at once, each with its place, and {@code run} agrees. */
class CheckTest {
  private static final Path READ_ONLY = Path.of("/sys");

  @TempDir private Path dir;

  /** With single quotes for double ones. */
  private void config(String text) throws IOException {
    Files.writeString(dir.resolve("c.json"), text.replace('\'', '"'));
  }

  /** The lines on standard error, up to the message, of a launcher that ends so. */
  private List<String> places(int code, String command) {
    return lines(code, command).stream()
        .map(line -> line.replaceAll("^(\\S+ \\S+): .*", "$1"))
        .toList();
  }

  private List<String> lines(int code, String command) {
    try (Running launcher = Running.launcher(dir, command, "--config", "c.json")) {
      assertEquals(code, launcher.code(), launcher.err());
      assertEquals("", launcher.out());
      return launcher.err().lines().filter(line -> !line.contains(" WARN ")).toList();
    }
  }

  /** An unset variable hid all other faults. */
  @Test
  void aVariableThatIsUnsetHidesNothingAndMakesNoSecondFault() throws Exception {
    config(
        """
        {'http': {'hostname': '${NONE_A}', 'port': '${NONE_B}'},
         'https': {'port': 99999, 'certPath': '${NONE_C}', 'keyPath': '${NONE_D}'},
         'dbPath': '${NONE_E}', 'store': {'type': 'file'}, 'trustedPeers': ['${NONE_F}', 'x'],
         'routes': [{'id': 'a', 'to': ['http://${NONE_G}']}, {'id': 'b', 'to': ['x']}],
         'log': {'level': '${NONE_H'}, 'lmits': {}}
        """);
    List<String> all =
        List.of(
            "c.json:1:23: http.hostname",
            "c.json:1:44: http.port",
            "c.json:2:20: https.port",
            "c.json:2:39: https.certPath",
            "c.json:2:63: https.keyPath",
            "c.json:3:12: dbPath",
            "c.json:3:69: trustedPeers[0]",
            "c.json:3:82: trustedPeers[1]",
            "c.json:4:32: routes[0].to[0]",
            "c.json:4:73: routes[1].to[0]",
            "c.json:5:19: log.level",
            "c.json:5:32: lmits");
    assertEquals(all, places(2, "check"));
    assertEquals(all, places(2, "run"));
  }

  /** There was a second fault: that the list holds no certificate. */
  @Test
  void filesOfCertificatesThatAreMissingAreOneFaultEach() throws Exception {
    config("{'https': {'port': 1, 'certificates': [{'certPath': 'a.pem', 'keyPath': 'a.key'}]}}");
    assertEquals(
        List.of(
            "c.json:1:53: https.certificates[0].certPath",
            "c.json:1:73: https.certificates[0].keyPath"),
        places(2, "check"));
  }

  /** They came one at a time, without a place, and with 1 as the exit code of run. */
  @Test
  void certificatesThatCannotBeUsedHaveTheirPlaces() throws Exception {
    TestCertificate.make(dir);
    TestCertificate other = TestCertificate.make(Files.createDirectory(dir.resolve("other")));
    Files.copy(other.key(), dir.resolve("other.pem"));
    Files.writeString(dir.resolve("bad.pem"), "nothing");
    Files.writeString(dir.resolve("clients.pem"), "nothing");
    String https = "{'http': {'port': 0}, 'https': {'hostname': '127.0.0.1', 'port': 0,\n";
    config(
        https
            + """
               'certificates': [
                 {'certPath': 'bad.pem', 'keyPath': 'key.pem'},
                 {'certPath': 'cert.pem', 'keyPath': 'key.pem'},
                 {'certPath': 'cert.pem', 'keyPath': 'other.pem'}]}}
              """);
    List<String> all =
        List.of(
            "c.json:3:17: https.certificates[0].certPath",
            "c.json:5:40: https.certificates[2].keyPath");
    assertEquals(all, places(2, "check"));
    assertEquals(all, places(2, "run"));
    config(
        https
            + """
               'certPath': 'cert.pem', 'keyPath': 'key.pem',
               'clientCertificates': {'trustPath': 'clients.pem'}}}
              """);
    assertEquals(List.of("c.json:3:38: https.clientCertificates.trustPath"), places(2, "check"));
  }

  /** Run ended with 1, and a trust file was said to be 'stored as revision 1'. */
  @Test
  void routesThatCannotBeTogetherHaveTheirPlacesAndOneExitCode() throws Exception {
    config(
        """
        {'http': {'hostname': '127.0.0.1', 'port': 0}, 'routes': [
          {'id': 'a', 'to': ['http://x']},
          {'id': 'b', 'match': {}, 'to': ['http://x']},
          {'id': 'c', 'match': {}, 'to': ['http://x']},
          {'id': 'd', 'match': {'path': '/d'}, 'active': 'blue',
           'groups': {'blue': {'targets': ['https://x'], 'tls': {'trust': 'ca.pem'}}}}]}
        """);
    List<String> found = places(2, "check");
    assertEquals(
        List.of(
            "c.json:3:24: routes[1].match",
            "c.json:4:24: routes[2].match",
            "c.json:6:67: routes[3].groups.blue.tls.trust"),
        found.stream().sorted().toList());
    assertFalse(lines(2, "check").toString().contains("revision"));
    assertEquals(found.stream().sorted().toList(), places(2, "run").stream().sorted().toList());
  }

  @Test
  void theRulesOfARouteHaveTheirPlaces() throws Exception {
    config(
        """
        {'http': {'port': 1}, 'routes': [
          {'id': 'a', 'to': ['http://x'], 'health': {'check': {'type': 'tcp', 'path': '/'}}},
          {'id': 'b', 'match': {'path': '/b'}, 'to': [{'url': 'http://x', 'state': 'off'}]},
          {'id': 'c', 'match': {'path': '/c'}, 'to': ['http://x'], 'retries': {'on': ['rst']}},
          {'id': 'd', 'match': {'path': '/d'}, 'to': ['http://x'], 'balancer': 'unheard-of'},
          {'id': 'e', 'match': {'path': '/e'}, 'to': ['http://x'],
           'switch': {'id': 's', 'to': 'green', 'from': 'default'}}]}
        """);
    assertEquals(
        List.of(
            "c.json:2:79: routes[0].health.check.path",
            "c.json:3:76: routes[1].to[0].state",
            "c.json:4:79: routes[2].retries.on[0]",
            "c.json:5:72: routes[3].balancer",
            "c.json:7:32: routes[4].switch.to"),
        places(2, "check").stream().sorted().toList());
    config(
        """
        {'http': {'port': 1}, 'routes': [
          {'id': 'a', 'to': ['http://x', {'url': 'http://y', 'state': 'drain'}],
           'balancer': 'least-requests', 'session': 'sticky', 'health': '/healthz',
           'retries': {'attempts': 1, 'statuses': [503]}, 'capacity': {'maxRequests': 50},
           'rateLimit': {'requests': 10}, 'drain': 5, 'onRemove': 'close'}]}
        """);
    try (Running check = Running.launcher(dir, "check", "--config", "c.json")) {
      assertEquals(0, check.code(), check.err());
    }
  }

  /** A check of a configuration looks at nothing but the configuration. */
  @Test
  void targetsAreNotProbedAndAnImpossibleProbeHasItsPlace() throws Exception {
    try (SampleApplication application = SampleApplication.start("blue")) {
      config(
          "{'http': {'port': 1}, 'routes': [{'id': 'a', 'health': '/version', 'to': ['"
              + application.url()
              + "', 'http://127.0.0.1:9']}]}");
      try (Running check = Running.launcher(dir, "check", "--config", "c.json")) {
        assertEquals(0, check.code(), check.err());
        assertEquals("", check.err());
      }
      assertEquals(0, application.answered());
    }
    config("{'http': {'port': 1}, 'routes': [{'id': 'a', 'to': ['http://x'], 'health': 'tls'}]}");
    assertEquals(List.of("c.json:1:76: routes[0].health.check"), places(2, "check"));
  }

  @Test
  void theFileOfAStoreHasItsPlacesToo() throws Exception {
    config("{'http': {'port': 1}, 'store': {'type': 'file', 'path': 'routes.json'}}");
    Path store = dir.resolve("routes.json");
    String two =
        "[{\"id\": \"a\", \"to\": [\"http://x\"]},\n {\"id\": \"b\", \"to\": [\"http://x\"]}";
    Files.writeString(store, two + "]");
    assertEquals(List.of(store + ":2:2: [1].match"), places(2, "check"));
    Files.writeString(store, "{\"routes\": " + two + ",\n {\"id\": \"c\", \"too\": []}]}");
    assertEquals(
        List.of(store + ":2:2: routes[1].match", store + ":3:21: routes[2].too"),
        places(2, "check"));
  }

  /** Check said ok, and run could not start. */
  @Test
  void whatCannotBeWrittenIsTried() throws Exception {
    Assumptions.assumeTrue(
        Files.isDirectory(READ_ONLY), "this system has no place where nobody can make a file");
    config(
        "{'http': {'port': 1}, 'dbPath': '/sys/data',\n 'log': {'access': {'file': '/sys/log'}}}");
    assertEquals(
        List.of(
            "c.json:1:33: dbPath: /sys cannot be written to (access denied):"
                + " let this user write there, or choose another place",
            "c.json:2:29: log.access.file: /sys cannot be written to (access denied):"
                + " let this user write there, or choose another place"),
        lines(1, "check"));
    assertEquals(lines(1, "check"), lines(1, "run"));
  }

  /** A directory that cannot be made hid twin routes from run, which ended with another code. */
  @Test
  void whatStandsOutsideHidesNothingOfTheConfigurationFromRun() throws Exception {
    Files.writeString(dir.resolve("file"), "");
    config(
        """
        {'http': {'hostname': '127.0.0.1', 'port': 0}, 'dbPath': 'file/data', 'routes': [
          {'id': 'a', 'to': ['http://x']},
          {'id': 'b', 'to': ['https://x']},
          {'id': 'd', 'match': {'path': '/d'}, 'active': 'blue',
           'groups': {'blue': {'targets': ['https://x'], 'tls': {'trust': 'ca.pem'}}}}]}
        """);
    List<String> all =
        List.of(
            "c.json:1:58: dbPath",
            "c.json:3:3: routes[1].match",
            "c.json:5:67: routes[2].groups.blue.tls.trust");
    assertEquals(all, places(2, "check").stream().sorted().toList());
    assertEquals(all, places(2, "run").stream().sorted().toList());
  }

  /** Whoever mended it met the next ones. */
  @Test
  void aFileThatIsMissingHidesNoFaultThatOnlyATrialShows() throws Exception {
    Files.writeString(dir.resolve("bad.pem"), "nothing");
    Files.writeString(dir.resolve("file"), "");
    config(
        """
        {'https': {'certificates': [{'certPath': 'bad.pem', 'keyPath': 'bad.pem'},
                                    {'certPath': 'bad.pem', 'keyPath': 'no.pem'}]},
         'dbPath': 'file/data', 'lmits': {}, 'routes': [
          {'id': 'a', 'to': ['http://x']},
          {'id': 'b', 'to': ['https://x']},
          {'id': 'c', 'too': ['http://x']}]}
        """);
    List<String> found = places(2, "check");
    assertEquals(
        List.of(
            "c.json:1:11: https.port",
            "c.json:1:42: https.certificates[0].certPath",
            "c.json:2:64: https.certificates[1].keyPath",
            "c.json:3:12: dbPath",
            "c.json:3:25: lmits",
            "c.json:5:3: routes[1].match",
            "c.json:6:22: routes[2].too"),
        found.stream().sorted().toList());
  }

  /** A trial runs a proxy that keeps nothing: what it would say of that is not what run does. */
  @Test
  void stickySessionsLeaveNoFileAndNoWarning() throws Exception {
    config(
        """
        {'http': {'port': 1}, 'dbPath': '.', 'routes': [
          {'id': 'a', 'to': ['http://x'], 'session': 'sticky'}]}
        """);
    try (Running check = Running.launcher(dir, "check", "--config", "c.json")) {
      assertEquals(0, check.code(), check.err());
      assertEquals("", check.err());
    }
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(List.of("c.json"), files.map(f -> f.getFileName().toString()).toList());
    }
  }

  @Test
  void nothingIsLeftWhereItWasTried() throws Exception {
    Files.writeString(dir.resolve("access.log"), "before\n");
    config("{'http': {'port': 1}, 'dbPath': 'data', 'log': {'access': {'file': 'access.log'}}}");
    try (Running check = Running.launcher(dir, "check", "--config", "c.json")) {
      assertEquals(0, check.code(), check.err());
    }
    assertEquals("before\n", Files.readString(dir.resolve("access.log")));
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(
          List.of("access.log", "c.json"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
