package io.proxyetc;

import java.util.List;
import java.util.Map;

/**
 * What a file of routes holds: see docs/routes.md.
 *
 * @param revision of the whole file; 0 if it does not say
 * @param routes those that can be read, in the order in which they stand
 * @param revisions route id to the revision that last changed it; empty if the file does not say
 * @param faults what cannot be read
 * @param untouched whether the file is exactly what {@link RouteJson#formatFile} wrote, so that its
 *     revisions can be believed
 */
public record RouteFile(
    long revision,
    List<Route> routes,
    Map<String, Long> revisions,
    List<Fault> faults,
    boolean untouched) {
  public RouteFile {
    routes = List.copyOf(routes);
    revisions = Map.copyOf(revisions);
    faults = List.copyOf(faults);
  }

  /**
   * A route that cannot be read. The rest of the file can.
   *
   * @param id the route's id; empty if that cannot be read either
   * @param path such as {@code routes[3].groups.blue.targets[0].url}
   * @param message what is wrong, with the route's id and the path inside the route
   * @param line from 1
   * @param column from 1
   */
  public record Fault(String id, String path, String message, int line, int column) {
    @Override
    public String toString() {
      return "line " + line + ", column " + column + " (" + path + "): " + message;
    }
  }
}
