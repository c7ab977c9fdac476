package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.proxyetc.Limits;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The code, the JSON Schema and docs/configuration.md say the same. */
class ConfigurationDocumentsTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|([^|]*)\\|");

  private final Schema schema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Repository.schema(), InputFormat.JSON);

  @Test
  void schemaAndPageNameEveryKeyOfTheCodeAndNoOther() throws Exception {
    Set<String> code = new TreeSet<>();
    for (Keys keys : Keys.ALL) {
      keys.names()
          .forEach(name -> code.add(keys.path().isEmpty() ? name : keys.path() + "." + name));
    }
    assertEquals(code, schemaKeys().keySet(), "config.schema.json");
    assertEquals(code, new TreeSet<>(pageDefaults().keySet()), "docs/configuration.md");
  }

  @Test
  void schemaAndPageNameTheSameDefaults() throws Exception {
    Map<String, String> page = pageDefaults();
    schemaKeys()
        .forEach(
            (key, property) ->
                field(property, "default")
                    .ifPresent(
                        value ->
                            assertEquals(
                                "`" + JsonWriting.write(value) + "`", page.get(key), key)));
  }

  @Test
  void theDefaultsOfLimitsAreThoseOfTheCode() throws Exception {
    Map<String, Json> keys = schemaKeys();
    assertEquals(
        Arrays.stream(Limits.class.getRecordComponents()).map(RecordComponent::getName).toList(),
        Keys.LIMITS.names());
    for (RecordComponent limit : Limits.class.getRecordComponents()) {
      Object value = limit.getAccessor().invoke(Limits.DEFAULT);
      Json written = field(keys.get("limits." + limit.getName()), "default").orElseThrow();
      BigDecimal number =
          value instanceof Duration time
              ? BigDecimal.valueOf(time.toSeconds())
              : new BigDecimal(value.toString());
      assertEquals(number, new BigDecimal(JsonWriting.write(written)), limit.getName());
    }
  }

  @Test
  void theSchemaHoldsThatOfRoutes() throws Exception {
    String core = Repository.read("proxyetc-core/src/main/resources/io/proxyetc/route.schema.json");
    Json.Obj route =
        (Json.Obj) JsonParser.parse(core.replace("\"#/$defs/", "\"#/$defs/route/$defs/"));
    List<Json.Member> members =
        route.members().stream()
            .filter(member -> !Set.of("$schema", "$id").contains(member.name()))
            .toList();
    Json embedded = find(JsonParser.parse(Repository.schema()), "$defs", "route");
    assertEquals(
        JsonWriting.write(new Json.Obj(0, 0, members)),
        JsonWriting.write(embedded),
        "copy route.schema.json to $defs.route, without $schema and $id, and with"
            + " #/$defs/route/$defs/ for #/$defs/");
  }

  static Stream<String> examples() {
    return Stream.of("docs/configuration.md", "docs/operations.md", "README.md")
        .flatMap(file -> Repository.blocks(file, "json").stream())
        .filter(block -> block.contains("\"port\""));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleCanBeRun(String example, @TempDir Path dir) throws Exception {
    assertEquals(List.of(), schema.validate(example, InputFormat.JSON));
    String here = example.replace("\"/", "\"" + dir + "/");
    Matcher file = Pattern.compile("\"[A-Za-z]*(?:Path|[fF]ile)\": \"([^\"]+)\"").matcher(here);
    while (file.find()) {
      make(dir.resolve(file.group(1)));
    }
    ConfigReader.read(here, dir, name -> null);
  }

  private static void make(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    if (file.toString().matches(".*\\.(key|pem)")) {
      Files.writeString(file, "");
    } else if (file.toString().endsWith(".secret")) {
      Files.writeString(file, "0123456789abcdef");
    }
    if (file.toString().matches(".*\\.(password|secret)")) {
      Files.writeString(file, "one-of-at-least-16-characters\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"http\": {}}",
        "{\"http\": {\"port\": \"8080\"}}",
        "{\"http\": {\"port\": 65536}}",
        "{\"http\": {\"port\": 1}, \"htps\": {}}",
        "{\"http\": {\"port\": 1, \"host\": \"x\"}}",
        "{\"https\": {\"port\": 1}}",
        "{\"https\": {\"port\": 1, \"keyPath\": \"x\"}}",
        "{\"http\": {\"port\": 1}, \"store\": {\"type\": \"redis\"}}",
        "{\"http\": {\"port\": 1}, \"log\": {\"level\": \"loud\"}}",
        "{\"http\": {\"port\": 1}, \"mail\": {\"hostname\": \"x\", \"to\": [\"a@b.org\"]}}",
        "{\"http\": {\"port\": 1}, \"mail\": {\"hostname\": \"x\", \"from\": \"a@b.org\", \"to\": []}}",
        "{\"http\": {\"port\": 1}, \"webhook\": {\"secret\": \"0123456789abcdef\"}}",
        "{\"http\": {\"port\": 1}, \"webhook\": {\"url\": \"ftp://x\"}}",
        "{\"http\": {\"port\": 1}, \"limits\": {\"maxHead\": 3}}",
        "{\"http\": {\"port\": 1}, \"limits\": {\"headTimeout\": 0}}",
        "{\"http\": {\"port\": 1}, \"routes\": [{\"id\": \"a\", \"too\": []}]}"
      })
  void schemaAndCodeRefuseTheSame(String text) {
    assertFalse(schema.validate(text, InputFormat.JSON).isEmpty());
    ConfigException refused = null;
    try {
      ConfigReader.read(text, Path.of(""), name -> null);
    } catch (ConfigException e) {
      refused = e;
    }
    assertTrue(refused != null, "the code takes it");
  }

  /** What a route may hold beside its id and targets. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"balancer\": \"least-requests\"",
        "\"balancer\": {\"name\": \"random\"}",
        "\"balancer\": {\"name\": \"consistent-hash\", \"cookie\": \"user\", \"maxLoad\": 1.05}",
        "\"balancer\": {\"name\": \"consistent-hash\", \"by\": \"path\"}",
        "\"session\": \"sticky\"",
        "\"session\": {\"cookie\": \"\", \"path\": \"/a\", \"lifetime\": 0}",
        "\"health\": \"/healthz?deep=1\"",
        "\"health\": \"tcp\"",
        "\"health\": {\"check\": \"tls\", \"eject\": {\"failures\": 0}, \"panic\": 100}",
        "\"health\": {\"check\": {\"method\": \"HEAD\", \"statuses\": [200, \"300-399\"]}}",
        "\"health\": {\"check\": {\"type\": \"tcp\", \"fall\": 1, \"initial\": \"up\"}}",
        "\"health\": {\"check\": {\"headers\": {\"X-A\": \"1\"}, \"body\": \"ok\"}, \"slowStart\": 30}",
        "\"retries\": 0",
        "\"retries\": {\"attempts\": 10, \"perTry\": 0.1, \"on\": [], \"statuses\": [500, 599]}",
        "\"capacity\": {\"maxRequests\": 1, \"pending\": 0, \"pendingTimeout\": 300}",
        "\"rateLimit\": {\"requests\": 1, \"per\": 86400, \"burst\": 9, \"header\": \"X-Key\"}",
        "\"drain\": 0.1, \"onRemove\": \"keep\"",
        "\"switch\": {\"id\": \"s\", \"to\": \"default\", \"from\": {\"default\": 1}, \"phase\": \"step\","
            + " \"steps\": [{\"percent\": 99, \"time\": 604800}], \"paused\": true}"
      })
  void schemaAndCodeTakeTheSame(String field) throws Exception {
    String text = configuration(field);
    assertEquals(List.of(), schema.validate(text, InputFormat.JSON));
    assertEquals(1, ConfigReader.read(text, Path.of(""), name -> null).routes().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"balancer\": \"\"",
        "\"balancer\": {\"by\": \"path\"}",
        "\"balancer\": {\"name\": \"random\", \"maxLoad\": 2}",
        "\"balancer\": {\"name\": \"consistent-hash\", \"by\": \"path\", \"header\": \"x\"}",
        "\"balancer\": {\"name\": \"consistent-hash\", \"maxLoad\": 1}",
        "\"session\": \"loose\"",
        "\"session\": {\"cookie\": \"a b\"}",
        "\"session\": {\"path\": \"/;\"}",
        "\"session\": {\"lifetime\": 0.5}",
        "\"health\": \"healthz\"",
        "\"health\": \"/a#b\"",
        "\"health\": {\"check\": {\"type\": \"tcp\", \"path\": \"/\"}}",
        "\"health\": {\"check\": {\"method\": \"HEAD\", \"body\": \"ok\"}}",
        "\"health\": {\"check\": {\"method\": \"CONNECT\"}}",
        "\"health\": {\"check\": {\"statuses\": []}}",
        "\"health\": {\"check\": {\"statuses\": [200, 200]}}",
        "\"health\": {\"check\": {\"statuses\": [\"2xx\"]}}",
        "\"health\": {\"check\": {\"interval\": 0}}",
        "\"health\": {\"eject\": {\"statuses\": [404]}}",
        "\"health\": {\"panic\": 101}",
        "\"retries\": 11",
        "\"retries\": {\"on\": [\"reset\", \"reset\"]}",
        "\"retries\": {\"perTry\": 0.01}",
        "\"capacity\": {\"pendingTimeout\": 0}",
        "\"rateLimit\": {\"per\": 1}",
        "\"rateLimit\": {\"requests\": 0}",
        "\"drain\": 0",
        "\"onRemove\": \"kill\"",
        "\"switch\": {\"id\": \"s\", \"to\": \"default\"}",
        "\"switch\": {\"id\": \"s\", \"to\": \"default\", \"from\": \"default\","
            + " \"steps\": [{\"percent\": 100, \"time\": 1}]}"
      })
  void schemaAndCodeRefuseTheSameRules(String field) {
    schemaAndCodeRefuseTheSame(configuration(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"targets\": [{\"url\": \"http://x\", \"state\": \"drain\"}], \"health\": \"/up\"}",
        "{\"targets\": [{\"url\": \"http://x\", \"state\": \"disabled\"}], \"health\": {\"check\": \"tcp\"}}"
      })
  void schemaAndCodeTakeTheSameGroups(String group) throws Exception {
    String text = grouped(group);
    assertEquals(List.of(), schema.validate(text, InputFormat.JSON));
    assertEquals(1, ConfigReader.read(text, Path.of(""), name -> null).routes().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"targets\": [{\"url\": \"http://x\", \"state\": \"off\"}]}",
        "{\"targets\": [], \"health\": \"up\"}",
        "{\"targets\": [], \"health\": {\"check\": {\"fall\": 0}}}"
      })
  void schemaAndCodeRefuseTheSameGroups(String group) {
    schemaAndCodeRefuseTheSame(grouped(group));
  }

  @Test
  void theExamplesOfRoutesAreGoodInAConfiguration() {
    List<String> routes =
        Repository.blocks("docs/routes.md", "json").stream()
            .filter(block -> !block.contains("\"routes\""))
            .toList();
    assertEquals(4, routes.size());
    for (String route : routes) {
      String text = "{\"http\": {\"port\": 1}, \"routes\": [" + route + "]}";
      assertEquals(List.of(), schema.validate(text, InputFormat.JSON), route);
    }
  }

  private static String configuration(String field) {
    return "{\"http\": {\"port\": 1}, \"routes\": [{\"id\": \"a\", \"to\": [\"http://x\"], "
        + field
        + "}]}";
  }

  private static String grouped(String group) {
    return "{\"http\": {\"port\": 1}, \"routes\": [{\"id\": \"a\", \"groups\": {\"b\": "
        + group
        + "}}]}";
  }

  /** Key to what the schema says of it. */
  private static Map<String, Json> schemaKeys() throws JsonParser.SyntaxException {
    Map<String, Json> keys = new TreeMap<>();
    collect("", JsonParser.parse(Repository.schema()), keys);
    return keys;
  }

  private static void collect(String path, Json schema, Map<String, Json> keys) {
    field(schema, "items").ifPresent(items -> collect(path + "[]", items, keys));
    field(schema, "properties")
        .ifPresent(
            properties -> {
              for (Json.Member property : ((Json.Obj) properties).members()) {
                String key = path.isEmpty() ? property.name() : path + "." + property.name();
                keys.put(key, property.value());
                collect(key, property.value(), keys);
              }
            });
  }

  private static Json find(Json value, String... names) {
    Json found = value;
    for (String name : names) {
      found = field(found, name).orElseThrow();
    }
    return found;
  }

  private static java.util.Optional<Json> field(Json value, String name) {
    return value instanceof Json.Obj object
        ? object.members().stream()
            .filter(member -> member.name().equals(name))
            .map(Json.Member::value)
            .findFirst()
        : java.util.Optional.empty();
  }

  /** Key to the default that the page names. */
  private static Map<String, String> pageDefaults() {
    Map<String, String> defaults = new TreeMap<>();
    Matcher row = ROW.matcher(Repository.read("docs/configuration.md"));
    while (row.find()) {
      defaults.put(row.group(1), row.group(2).strip());
    }
    return defaults;
  }
}
