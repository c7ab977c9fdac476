package io.proxyetc.launcher;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.Route;
import io.proxyetc.RouteJson;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the list {@code routes}: each is the document of one route. */
final class RoutesReader {
  private static final String ROUTE = "route ";

  private final String text;
  private final Path directory;
  private final Faults faults;
  private final Map<String, String> seen = new HashMap<>();

  /**
   * @param directory what relative paths start from
   */
  RoutesReader(String text, Path directory, Faults faults) {
    this.text = text;
    this.directory = directory;
    this.faults = faults;
  }

  List<Route> read(Section root) {
    return root.list("routes", this::route);
  }

  private Optional<Route> route(Json value, String path) {
    String source = text.substring(value.at(), value.end());
    if (source.contains("${")) { // to write it anew takes longer
      if (holdsUnknown(value)) {
        return Optional.empty();
      }
      source = JsonWriting.write(value);
    }
    Route route;
    try {
      route = RouteJson.parse(source).filesFrom(directory);
    } catch (InvalidRouteException e) {
      String inside = e.path().substring(e.path().indexOf(": ") + 1).strip();
      faults.add(find(value, inside), inside.isEmpty() ? path : path + "." + inside, e.fault());
      return Optional.empty();
    }
    @Nullable String before = seen.putIfAbsent(route.id(), path);
    if (before != null) {
      String message = before + " has the id '" + route.id() + "' too; rename one of them";
      faults.add(find(value, "id"), path + ".id", message);
      return Optional.empty();
    }
    return Optional.of(route);
  }

  private static boolean holdsUnknown(Json value) {
    if (value instanceof Json.Obj object) {
      return object.members().stream().anyMatch(member -> holdsUnknown(member.value()));
    }
    return value instanceof Json.Arr array
        ? array.items().stream().anyMatch(RoutesReader::holdsUnknown)
        : value instanceof Json.Unknown;
  }

  /** The id of the route that a fault names; empty where it names none. */
  static String id(InvalidRouteException e) {
    int end = e.path().indexOf(": ");
    return end > 0 && e.path().startsWith(ROUTE) ? e.path().substring(ROUTE.length(), end) : "";
  }

  /**
   * Where a fault stands that only showed when all routes came together; empty if not in this text,
   * which is a configuration or a file of routes.
   */
  static Optional<Fault> place(String text, InvalidRouteException e) {
    try {
      Json whole = JsonParser.parse(text);
      if (whole instanceof Json.Arr routes) {
        return place(text, "", routes, e);
      }
      if (whole instanceof Json.Obj document) {
        for (Json.Member member : document.members()) {
          if (member.name().equals("routes") && member.value() instanceof Json.Arr routes) {
            return place(text, "routes", routes, e);
          }
        }
      }
    } catch (JsonParser.SyntaxException impossible) {
      return Optional.empty(); // it was read before
    }
    return Optional.empty();
  }

  private static Optional<Fault> place(
      String text, String list, Json.Arr routes, InvalidRouteException e) {
    String id = id(e);
    for (int i = 0; i < routes.items().size(); i++) {
      Json route = routes.items().get(i);
      int at = find(route, "id");
      if (at != route.at() && text.startsWith('"' + id + '"', at)) {
        String inside = e.path().substring(ROUTE.length() + id.length() + 2);
        String path = list + "[" + i + "]." + inside;
        return Optional.of(new Faults(text).place(find(route, inside), path).fault(e.fault()));
      }
    }
    return Optional.empty();
  }

  /**
   * The offset of the value at a path such as {@code groups.blue.targets[0].url}, or of what is
   * around it.
   */
  private static int find(Json value, String path) {
    if (value instanceof Json.Obj object) {
      Json.@Nullable Member best = null;
      for (Json.Member member : object.members()) {
        String name = member.name();
        String rest = path.startsWith(name) ? path.substring(name.length()) : "-";
        boolean whole = rest.isEmpty() || rest.startsWith(".") || rest.startsWith("[");
        if (whole && (best == null || name.length() > best.name().length())) {
          best = member; // names may hold dots: the longest one that fits
        }
      }
      if (best != null) {
        String rest = path.substring(best.name().length());
        return rest.isEmpty()
            ? best.value().at()
            : find(best.value(), rest.startsWith(".") ? rest.substring(1) : rest);
      }
    }
    int close = path.indexOf(']');
    if (value instanceof Json.Arr array && path.startsWith("[") && close > 0) {
      int index = Integer.parseInt(path.substring(1, close));
      if (index < array.items().size()) {
        String rest = path.substring(close + 1);
        return find(array.items().get(index), rest.startsWith(".") ? rest.substring(1) : rest);
      }
    }
    return value.at();
  }
}
