package io.proxyetc;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a file of routes, one route at a time: a bad route leaves the others alone. */
final class RouteFileReader {
  static final KnownFields FILE = KnownFields.of("revision", "routes", "revisions", "checksum");

  private final String text;

  /** Each route by its place in the file, and why others are none. */
  private final Map<Integer, Route> routes = new LinkedHashMap<>();

  private final Map<Integer, InvalidRouteException> faults = new LinkedHashMap<>();
  private final List<Optional<String>> ids = new ArrayList<>();
  private final Map<String, JsonValue> others = new HashMap<>();

  /** Where the list of routes is: empty where it is the whole file. */
  private String list = "";

  private RouteFileReader(String text) {
    this.text = text;
  }

  static RouteFile read(String text, int maxLength) {
    RouteFileReader reader = new RouteFileReader(text);
    try {
      return JsonTree.parse(text, maxLength, reader::document);
    } catch (InvalidRouteException e) {
      if (e.path().isEmpty()) {
        throw e;
      }
      throw new InvalidRouteException(e.path(), e.fault() + " (" + reader.place(e.path()) + ")");
    }
  }

  private RouteFile document(JsonReader json) throws IOException {
    if (json.peek() == JsonToken.BEGIN_ARRAY) {
      routes(json);
    } else if (json.peek() == JsonToken.BEGIN_OBJECT) {
      fields(json);
    } else {
      throw JsonFields.wrong("", JsonTree.read(json), "{\"routes\": […]} or a list of routes […]");
    }
    refuseTwins();
    JsonFields rest = JsonFields.free(new JsonValue.Obj(others, null), "");
    return new RouteFile(
        rest.read("revision", RouteFileReader::revision).orElse(0L),
        List.copyOf(routes.values()),
        rest.read("revisions", (v, p) -> JsonFields.free(v, p).all(RouteFileReader::revision))
            .orElse(Map.of()),
        faults.entrySet().stream().map(e -> fault(e.getKey(), e.getValue())).toList(),
        rest.read("checksum", JsonFields::text)
            .map(sum -> RouteFileWriter.intact(text, sum))
            .orElse(false));
  }

  private void fields(JsonReader json) throws IOException {
    boolean found = false;
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      FILE.check(name, name);
      if (name.equals("routes") ? found : others.containsKey(name)) {
        throw new InvalidRouteException(name, "this field stands here twice; remove one of them");
      }
      if (name.equals("routes")) {
        found = true;
        list = "routes";
        if (json.peek() != JsonToken.BEGIN_ARRAY) {
          throw JsonFields.wrong("routes", JsonTree.read(json), "a list of routes […]");
        }
        routes(json);
      } else {
        others.put(name, JsonTree.read(json));
      }
    }
    json.endObject();
    if (!found) {
      throw new InvalidRouteException(
          "", "there is no field 'routes'; write {\"routes\": […]} or a list of routes […]");
    }
  }

  private void routes(JsonReader json) throws IOException {
    json.beginArray();
    for (int i = 0; json.hasNext(); i++) {
      JsonValue document = JsonTree.read(json);
      ids.add(RouteReader.idOf(document));
      try {
        routes.put(i, RouteReader.read(document));
      } catch (InvalidRouteException e) {
        faults.put(i, e);
      }
    }
    json.endArray();
  }

  /** Of two routes with one id nobody knows which is meant. */
  private void refuseTwins() {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      if (ids.get(i).isEmpty()) {
        continue;
      }
      String id = ids.get(i).get();
      @Nullable Integer twin = first.putIfAbsent(id, i);
      if (twin != null) {
        for (int bad : new int[] {twin, i}) {
          routes.remove(bad);
          faults.putIfAbsent(
              bad,
              new InvalidRouteException(
                  "route " + id + ": id",
                  list
                      + "["
                      + twin
                      + "] and "
                      + list
                      + "["
                      + i
                      + "] have the same id; rename one"));
        }
      }
    }
  }

  private RouteFile.Fault fault(int index, InvalidRouteException e) {
    String id = ids.get(index).orElse("");
    String prefix = id.isEmpty() ? "" : "route " + id + ": ";
    String inside = e.path().substring(prefix.length());
    String path = list + "[" + index + "]" + (inside.isEmpty() ? "" : "." + inside);
    JsonPlace place = place(path);
    return new RouteFile.Fault(id, path, e.getMessage(), place.line(), place.column());
  }

  private JsonPlace place(String path) {
    return JsonPlace.at(text, JsonScan.find(text, path));
  }

  private static Long revision(JsonValue value, String path) {
    if (value instanceof JsonValue.Num number && number.literal().matches("[0-9]{1,18}")) {
      return Long.parseLong(number.literal());
    }
    throw JsonFields.wrong(path, value, "a revision (a whole number, 0 or more)");
  }
}
