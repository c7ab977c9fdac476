package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.AccessLog;
import io.proxyetc.Limits;
import io.proxyetc.Route;
import io.proxyetc.SessionSecret;
import io.proxyetc.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ConfigReaderTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PORT",
          "8181",
          "HOST",
          "10.1.2.3",
          "EMPTY",
          "",
          "SECRET",
          "hunter2",
          "ON",
          "true",
          "LONG",
          "100000");

  @TempDir private Path dir;

  @BeforeEach
  void files() throws IOException {
    for (String name : List.of("a.key", "a.pem", "b.key", "b.pem", "clients.pem")) {
      Files.writeString(dir.resolve(name), "");
    }
  }

  @Test
  void aSectionThatIsLeftOutLeavesItsPartOff() throws Exception {
    Config config = read("{'http': {'port': 8080}, 'store': {'type': 'memory'}}");
    assertEquals(
        new Config.Listener("localhost", 8080, Optional.empty()), config.http().orElseThrow());
    assertEquals(Optional.empty(), config.https());
    assertEquals(Optional.empty(), config.store().file());
    assertEquals(List.of(), config.routes());
    assertEquals(Limits.DEFAULT, config.limits());
    assertEquals(LogLevel.INFO, config.level());
    assertEquals(LogLevel.WARN, config.libraries());
    assertEquals(Optional.empty(), config.accessLog());
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void tlsTakesSeveralCertificatesAndThoseOfClients() throws Exception {
    Config config =
        read(
            """
            {'https': {'hostname': '*', 'port': 0, 'certPath': 'a.pem', 'keyPath': 'a.key',
                       'certificates': [{'certPath': 'b.pem', 'keyPath': 'b.key'}],
                       'clientCertificates': {'trustPath': 'clients.pem', 'required': false},
                       'http2': false}}
            """);
    Tls tls = config.https().orElseThrow().tls().orElseThrow();
    assertEquals(
        List.of(
            new Tls.Pem(dir.resolve("a.pem"), dir.resolve("a.key")),
            new Tls.Pem(dir.resolve("b.pem"), dir.resolve("b.key"))),
        tls.certificates());
    assertEquals(Tls.ClientAuth.WANT, tls.clientAuth());
    assertEquals(Optional.of(dir.resolve("clients.pem")), tls.clientTrust());
    assertFalse(tls.http2());
    assertEquals("*", config.https().orElseThrow().hostname());
  }

  @Test
  void clientsAreRefusedWithoutACertificateUnlessItSaysOtherwise() throws Exception {
    String text =
        "{'https': {'port': 1, 'certPath': 'a.pem', 'keyPath': 'a.key',"
            + "'clientCertificates': {'trustPath': 'clients.pem'}}}";
    Tls tls = read(text).https().orElseThrow().tls().orElseThrow();
    assertEquals(Tls.ClientAuth.NEED, tls.clientAuth());
    assertTrue(tls.http2());
  }

  @Test
  void theNamesOfProxyEtcAreTakenAsLimits() throws Exception {
    Limits limits = limits("'maxSockets': 7, 'tcpTimeout': 2.5, 'httpKeepAlive': 9");
    assertEquals(7, limits.maxSockets());
    assertEquals(Duration.ofMillis(2500), limits.bodyTimeout());
    assertEquals(Duration.ofSeconds(9), limits.targetKeepAlive());
    assertEquals(Limits.DEFAULT, limits("'httpKeepAlive': true"));
    assertEquals(Duration.ofMillis(100), limits("'httpKeepAlive': false").targetKeepAlive());
  }

  @Test
  void everyLimitCanBeSet() throws Exception {
    Limits limits =
        limits(
            """
            'limits': {'maxConnections': 1, 'maxSockets': 2, 'maxRequestLine': 300, 'maxHead': 600,
              'maxFields': 9, 'maxResponseHead': 700, 'maxBody': 5000000000, 'headTimeout': 1,
              'bodyTimeout': 2, 'keepAlive': 3, 'targetKeepAlive': 4, 'maxBuffered': 2000000,
              'maxStreams': 5, 'drain': 0}
            """);
    assertEquals(
        new Limits(
            1,
            2,
            300,
            600,
            9,
            700,
            5_000_000_000L,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            2_000_000,
            5,
            Duration.ZERO),
        limits);
  }

  @Test
  void withDbPathAloneTheRoutesAreInAFileThere() throws Exception {
    Config config = read("{'http': {'port': 1}, 'dbPath': 'data'}");
    assertEquals(Optional.of(dir.resolve("data/routes.json")), config.store().file());
    assertEquals(List.of(), config.warnings());
  }

  @Test
  void withoutStoreAndDbPathItWarnsThatChangesAreLost() throws Exception {
    Config config = read("{'http': {'port': 1}}");
    assertEquals(Optional.empty(), config.store().file());
    assertTrue(config.warnings().get(0).contains("lost when it ends"), config.warnings().get(0));
  }

  @Test
  void aFileStoreHasItsFileOrTheOneInDbPath() throws Exception {
    String file = "{'http': {'port': 1}, 'dbPath': 'data', 'store': {'type': 'file'%s}}";
    assertEquals(
        Optional.of(dir.resolve("data/routes.json")), read(file.formatted("")).store().file());
    assertEquals(
        Optional.of(dir.resolve("x.json")),
        read(file.formatted(", 'path': 'x.json'")).store().file());
  }

  @Test
  void theSecretOfSessionsIsWhatAFileHolds() throws Exception {
    String config = "{'http': {'port': 1}, 'sessionSecretFile': '%s'}";
    Files.writeString(dir.resolve("secret"), "0123456789abcdef\n");
    SessionSecret secret = read(config.formatted("secret")).sessionSecret().orElseThrow();
    assertEquals("0123456789abcdef", new String(secret.bytes(), StandardCharsets.UTF_8));
    assertFalse(secret.toString().contains("0123"), secret.toString());
    assertEquals(Optional.empty(), read("{'http': {'port': 1}}").sessionSecret());

    Files.writeString(dir.resolve("short"), "0123456789abcde\n");
    String fault = fault(config.formatted("short"));
    assertTrue(fault.startsWith("1:44: sessionSecretFile: the session secret in "), fault);
    assertTrue(fault.contains("has 15 bytes, but it must have 16 to 4096"), fault);
    assertFalse(fault.contains("0123"), fault);
    fault = fault(config.formatted("none"));
    assertTrue(fault.contains("sessionSecretFile: there is no file "), fault);
  }

  private String fault(String text) {
    List<Fault> faults = assertThrows(ConfigException.class, () -> read(text)).faults();
    assertEquals(1, faults.size(), faults.toString());
    return faults.get(0).in("c.json").substring("c.json:".length());
  }

  @Test
  void variablesStandForTextsNumbersAndSwitches() throws Exception {
    Config config =
        read(
            """
            {'http': {'hostname': '${HOST}', 'port': '${PORT}'},
             'httpKeepAlive': '${ON}',
             'limits': {'drain': '${DRAIN:-1.5}'},
             'log': {'level': '${EMPTY:-warn}'},
             'routes': [{'id': 'a', 'to': ['http://${HOST}:${PORT}'],
                         'request': {'set': {'x-literal': '$${HOST}', 'x-quote': '${QUOTE:-\\"q\\"}'}}}]}
            """);
    assertEquals("10.1.2.3", config.http().orElseThrow().hostname());
    assertEquals(8181, config.http().orElseThrow().port());
    assertEquals(Duration.ofMillis(1500), config.limits().drain());
    assertEquals(LogLevel.WARN, config.level());
    Route route = config.routes().get(0);
    assertEquals("http://10.1.2.3:8181", route.groups().get("default").targets().get(0).url());
    assertEquals(Map.of("x-literal", "${HOST}", "x-quote", "\"q\""), route.request().set());
  }

  @Test
  void aTrustFileInARouteStartsFromTheDirectoryOfTheConfiguration() throws Exception {
    Config config =
        read(
            """
            {'http': {'port': 1}, 'routes': [{'id': 'a',
              'groups': {'x': {'targets': ['https://h'], 'tls': {'trust': 'tls/ca.pem'}}}}]}
            """);
    assertEquals(
        Optional.of(dir.resolve("tls/ca.pem")),
        config.routes().get(0).groups().get("x").tls().trust());
  }

  @Test
  void librariesTellNoMoreThanTheProxyUnlessAsked() throws Exception {
    String log = "{'http': {'port': 1}, 'log': {%s}}";
    assertEquals(LogLevel.WARN, read(log.formatted("'level': 'debug'")).libraries());
    assertEquals(LogLevel.ERROR, read(log.formatted("'level': 'error'")).libraries());
    assertEquals(LogLevel.TRACE, read(log.formatted("'libraries': 'trace'")).libraries());
  }

  @Test
  void anAccessLogGoesToAFileOrToStandardOutput() throws Exception {
    String log = "{'http': {'port': 1}, 'log': {'access': {%s}}}";
    assertEquals(
        Optional.of(new AccessLog(AccessLog.Format.COMBINED, Optional.empty())),
        read(log.formatted("")).accessLog());
    assertEquals(
        Optional.of(new AccessLog(AccessLog.Format.JSON, Optional.of(dir.resolve("access.log")))),
        read(log.formatted("'format': 'json', 'file': 'access.log'")).accessLog());
  }

  @Test
  void whatLaterVersionsBringWarnsUntilThen() throws Exception {
    Config config =
        read(
            """
            {'http': {'port': 1}, 'store': {'type': 'memory'}, 'workers': 4,
             'app': {'name': 'x', 'hostname': 'localhost', 'port': 3333},
             'memoryMonitor': {'memoryLimit': 1000, 'gracefulWait': 60, 'checkInterval': 10}}
            """);
    List<String> about =
        config.warnings().stream().map(w -> w.substring(0, w.indexOf(':'))).sorted().toList();
    assertEquals(List.of("app", "memoryMonitor", "workers"), about);
    assertEquals(List.of(), read("{'http':{'port':1},'dbPath':'d','workers':1}").warnings());
  }

  @Test
  void allFaultsAreShownAtOnceEachWithItsPlace() {
    String text =
        """
        {'log': {'level': 1},
         'https': {'certPath': 'a.pem', 'keyPath': 'a.key'},
         'limits': {'maxHead': 3}}
        """;
    assertEquals(
        List.of(
            "1:19: log.level: the number 1 stands here, but a text in quotes is expected",
            "2:11: https.port: is missing: write a number, such as 8080",
            "3:24: limits.maxHead: 3 is not between 512 and 1048576"),
        faults(text));
  }

  @Test
  void aProxyWithoutAListenerIsNone() {
    assertEquals(
        List.of("1:1: http: is missing: a proxy needs a listener: write {\"port\": 8080}"),
        faults("{'store': {'type': 'memory'}}"));
  }

  @Test
  void whatIsNoJsonSaysWhere() {
    assertEquals(
        List.of("2:1: this is no valid JSON: a field is missing after ','"),
        faults("{'http': {'port': 1},\n}"));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "faults.txt", delimiter = '|', quoteCharacter = '`')
  void aFaultNamesTheThingTheFaultAndTheRemedy(String fields, String fault) {
    List<String> faults = faults("{" + fields + "}");
    assertEquals(List.of(fault.replace("DIR", dir.toString())), faults);
  }

  @Test
  void aFaultInARouteStandsWhereItIs() {
    String text =
        """
        {'http': {'port': 1},
         'routes': [
          {'id': 'a.b', 'to': ['http://x']},
          {'id': 'shop',
           'groups': {'v1.0': {'targets': ['http://x', {'url': 'http://y', 'weight': 1001}]}}}
         ]}
        """;
    assertEquals(
        List.of("5:78: routes[1].groups.v1.0.targets[1].weight: 1001 is not between 0 and 1000"),
        faults(text));
  }

  @Test
  void theValueOfAVariableIsNeverShown() {
    String text =
        """
        {'http': {'port': '${SECRET}', 'hostname': 1}, 'log': {'level': '${SECRET}'},
         'httpKeepAlive': '${SECRET}', 'tcpTimeout': '${SECRET}'}
        """;
    List<String> faults = faults(text);
    assertEquals(5, faults.size(), faults.toString());
    assertFalse(faults.toString().contains("hunter2"), faults.toString());
  }

  private Limits limits(String fields) throws ConfigException {
    return read("{'http': {'port': 1}, " + fields + "}").limits();
  }

  private List<String> faults(String text) {
    ConfigException e = assertThrows(ConfigException.class, () -> read(text));
    return e.faults().stream()
        .map(fault -> fault.in("f").substring("f:".length()))
        .collect(Collectors.toList());
  }

  /** With single quotes for double ones. */
  private Config read(String text) throws ConfigException {
    return ConfigReader.read(text.replace('\'', '"'), dir, ENVIRONMENT::get);
  }
}
