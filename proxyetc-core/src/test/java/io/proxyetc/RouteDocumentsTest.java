package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Parser, JSON Schema, page and records say the same about a route's fields. */
class RouteDocumentsTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([^`]+)` \\| .*? \\| (?:`([^`]*)` )?\\|$", Pattern.MULTILINE);
  private static final Pattern JSON_BLOCK = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

  private final JsonObject schema = schema();
  private final String page = page();

  @Test
  void theSchemaHasTheFieldsOfTheParser() {
    assertEquals(parserFields().keySet(), schemaFields().keySet());
  }

  @Test
  void thePageHasTheFieldsOfTheParserAndTheDefaultsOfTheSchema() {
    Map<String, String> rows = new TreeMap<>();
    Matcher row = ROW.matcher(page.substring(page.indexOf("## Fields"), page.indexOf("## Strict")));
    while (row.find()) {
      rows.put(row.group(1), row.group(2) == null ? "" : row.group(2));
    }
    Map<String, String> expected = new TreeMap<>();
    schemaFields()
        .forEach(
            (path, field) ->
                expected.put(path, field.has("default") ? field.get("default").toString() : ""));
    assertEquals(expected, rows);
  }

  @Test
  void theFieldsOfAFileAreOnThePage() {
    for (String name : RouteFileReader.FILE.names()) {
      assertTrue(page.contains("| `" + name + "` |"), name);
    }
  }

  @Test
  void theParserTakesEveryExampleOfTheSchema() {
    schemaFields()
        .forEach(
            (path, field) -> {
              JsonArray examples = field.getAsJsonArray("examples");
              assertTrue(examples != null && !examples.isEmpty(), path + " has no example");
              examples.forEach(example -> RouteJson.parse(document(path, example)));
            });
  }

  @Test
  void aDefaultOfTheSchemaIsWhatHoldsWithoutTheField() {
    schemaFields()
        .forEach(
            (path, field) -> {
              if (field.has("default")) {
                Route with = RouteJson.parse(document(path, field.get("default")));
                assertEquals(RouteJson.parse(document(path, null)), with, path);
              }
            });
  }

  @Test
  void theExamplesOfThePageAreGood() {
    Matcher block = JSON_BLOCK.matcher(page);
    int routes = 0;
    while (block.find()) {
      if (block.group(1).contains("\"routes\"")) {
        assertEquals(java.util.List.of(), RouteJson.parseFile(block.group(1)).faults());
      } else {
        RouteJson.parse(block.group(1));
        routes++;
      }
    }
    assertEquals(4, routes);
  }

  @Test
  void everyPartOfARouteHasItsField() {
    assertReachable(
        Route.class,
        RouteReader.ROUTE,
        Map.of("path", "rewrite", "balancing", "balancer", "running", "switch"),
        Set.of("to", "onRemove"));
    assertReachable(Match.class, RouteReader.MATCH, Map.of(), Set.of());
    assertReachable(TargetGroup.class, GroupReader.GROUP, Map.of("name", ""), Set.of());
    assertReachable(Target.class, GroupReader.TARGET, Map.of(), Set.of());
    assertReachable(TargetTls.class, GroupReader.TLS, Map.of(), Set.of());
    assertReachable(HeaderRules.class, RouteReader.RULES, Map.of(), Set.of());
    assertReachable(Timeouts.class, RouteReader.TIMEOUTS, Map.of(), Set.of());
    assertReachable(
        PathRule.class, RouteReader.REWRITE, Map.of("replacement", "replace"), Set.of("strip"));
    assertReachable(Route.HostHeader.Fixed.class, RouteReader.HOST_HEADER, Map.of(), Set.of());
  }

  @Test
  void everyPartOfARoutesRulesHasItsField() {
    assertReachable(
        Balancing.class, RulesReader.BALANCER, Map.of("key", "header"), Set.of("cookie"));
    assertReachable(Session.class, RulesReader.SESSION, Map.of(), Set.of());
    assertReachable(Health.class, HealthReader.HEALTH, Map.of("ejection", "eject"), Set.of());
    assertReachable(HealthCheck.class, HealthReader.CHECK, Map.of("kind", "type"), Set.of());
    assertReachable(Ejection.class, HealthReader.EJECT, Map.of(), Set.of());
    assertReachable(Retries.class, RulesReader.RETRIES, Map.of(), Set.of());
    assertReachable(Capacity.class, RulesReader.CAPACITY, Map.of(), Set.of());
    assertReachable(RateLimit.class, RulesReader.RATE_LIMIT, Map.of(), Set.of());
    assertReachable(SwitchOptions.Step.class, SwitchReader.STEP, Map.of(), Set.of());
    Set<String> options = new TreeSet<>();
    for (RecordComponent option : SwitchOptions.class.getRecordComponents()) {
      options.add(option.getName());
    }
    assertReachable(RunningSwitch.class, SwitchReader.SWITCH, Map.of("options", ""), options);
    assertEquals(2, Drain.class.getRecordComponents().length, "they are 'drain' and 'onRemove'");
  }

  /**
   * @param renamed component to field; empty: it is the name under which the object stands
   * @param shortForms fields that are another way to write something
   */
  private static void assertReachable(
      Class<?> record, KnownFields fields, Map<String, String> renamed, Set<String> shortForms) {
    Set<String> expected = new TreeSet<>(shortForms);
    for (RecordComponent component : record.getRecordComponents()) {
      expected.add(renamed.getOrDefault(component.getName(), component.getName()));
    }
    expected.remove("");
    assertEquals(expected, new TreeSet<>(fields.names()), record.getSimpleName());
  }

  /** Every path that the parser knows. */
  private static Map<String, KnownFields> parserFields() {
    Map<String, KnownFields> fields = new TreeMap<>();
    add(fields, "", RouteReader.ROUTE);
    add(fields, "match.", RouteReader.MATCH);
    add(fields, "groups.*.", GroupReader.GROUP);
    add(fields, "groups.*.targets[].", GroupReader.TARGET);
    add(fields, "groups.*.tls.", GroupReader.TLS);
    add(fields, "hostHeader.", RouteReader.HOST_HEADER);
    add(fields, "rewrite.", RouteReader.REWRITE);
    add(fields, "request.", RouteReader.RULES);
    add(fields, "response.", RouteReader.RULES);
    add(fields, "timeouts.", RouteReader.TIMEOUTS);
    add(fields, "balancer.", RulesReader.BALANCER);
    add(fields, "session.", RulesReader.SESSION);
    add(fields, "health.", HealthReader.HEALTH);
    add(fields, "health.check.", HealthReader.CHECK);
    add(fields, "health.eject.", HealthReader.EJECT);
    add(fields, "retries.", RulesReader.RETRIES);
    add(fields, "capacity.", RulesReader.CAPACITY);
    add(fields, "rateLimit.", RulesReader.RATE_LIMIT);
    add(fields, "switch.", SwitchReader.SWITCH);
    add(fields, "switch.steps[].", SwitchReader.STEP);
    return fields;
  }

  private static void add(Map<String, KnownFields> all, String prefix, KnownFields known) {
    known.names().forEach(name -> assertFalse(all.put(prefix + name, known) != null, name));
  }

  /** Every path that the schema knows, with its part of the schema. */
  private Map<String, JsonObject> schemaFields() {
    Map<String, JsonObject> fields = new TreeMap<>();
    walk("", schema, fields);
    fields.keySet().removeIf(path -> path.startsWith("to[]")); // the same as groups.*.targets[]
    fields.keySet().removeIf(path -> path.startsWith("groups.*.health.")); // the same as health
    return fields;
  }

  private void walk(String path, JsonObject node, Map<String, JsonObject> fields) {
    if (node.has("$ref")) {
      JsonElement target = schema;
      for (Path step : Path.of(node.get("$ref").getAsString().substring("#/".length()))) {
        target = target.getAsJsonObject().get(step.toString());
      }
      walk(path, target.getAsJsonObject(), fields);
    }
    if (node.has("oneOf")) {
      node.getAsJsonArray("oneOf").forEach(one -> walk(path, one.getAsJsonObject(), fields));
    }
    if (node.has("items")) {
      walk(path + "[]", node.getAsJsonObject("items"), fields);
    }
    if (node.has("properties")) {
      assertFalse(node.get("additionalProperties").getAsBoolean(), path + " is not closed");
      for (Map.Entry<String, JsonElement> field : node.getAsJsonObject("properties").entrySet()) {
        String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        JsonObject part = field.getValue().getAsJsonObject();
        assertTrue(part.has("description"), at + " has no description");
        fields.put(at, part);
        walk(at, part, fields);
      }
    } else if (node.has("additionalProperties")) {
      walk(path + ".*", node.getAsJsonObject("additionalProperties"), fields);
    }
  }

  /** A small document in which one field has this value; null: in which it is not there. */
  private static String document(String path, @Nullable JsonElement value) {
    JsonObject target = object("url", new Gson().toJsonTree("http://127.0.0.1:80"));
    JsonObject group = new JsonObject();
    group.add("targets", array(target));
    JsonObject document = object("groups", object("default", group));
    document.addProperty("id", "x");
    if (path.equals("to")) {
      document.remove("groups");
    }
    JsonObject at = document;
    String[] steps = path.split("\\.");
    for (String step : Arrays.copyOf(steps, steps.length - 1)) {
      at =
          switch (step) {
            case "*" -> group;
            case "targets[]" -> target;
            case "groups" -> at;
            default -> {
              JsonObject inner = around(step);
              if (step.endsWith("[]")) {
                at.add(step.substring(0, step.length() - 2), array(inner));
              } else {
                at.add(step, inner);
              }
              yield inner;
            }
          };
    }
    at.remove(steps[steps.length - 1]);
    if (value != null) {
      at.add(steps[steps.length - 1], value);
    }
    return document.toString();
  }

  /** What must stand beside any field of an object. */
  private static JsonObject around(String name) {
    String fields =
        switch (name) {
          case "balancer" -> "{\"name\": \"consistent-hash\"}";
          case "rateLimit" -> "{\"requests\": 1}";
          case "switch" -> "{\"id\": \"s\", \"to\": \"default\", \"from\": \"default\"}";
          case "steps[]" -> "{\"percent\": 1, \"time\": 1}";
          default -> "{}";
        };
    return JsonParser.parseString(fields).getAsJsonObject();
  }

  private static JsonArray array(JsonElement only) {
    JsonArray array = new JsonArray();
    array.add(only);
    return array;
  }

  private static JsonObject object(String name, JsonElement value) {
    JsonObject object = new JsonObject();
    object.add(name, value);
    return object;
  }

  private static JsonObject schema() {
    try (InputStream in = RouteJson.class.getResourceAsStream("route.schema.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String page() {
    try {
      return Files.readString(Path.of("..", "docs", "routes.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
