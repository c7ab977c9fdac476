package io.proxyetc.launcher;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.Route;
import io.proxyetc.RouteFile;
import io.proxyetc.RouteJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the file of a store holds, for who checks it and changes nothing.
 *
 * @param text as it stands
 * @param routes those that can be read
 * @param faults as lines with their places
 */
record StoreFile(Path file, String text, List<Route> routes, List<String> faults) {
  /** Reads it; a file that is not there holds nothing. */
  static StoreFile read(Path file) {
    if (!Files.exists(file)) {
      return new StoreFile(file, "", List.of(), List.of());
    }
    if (!Files.isRegularFile(file)) { // to read a pipe would wait, a device may have no end
      return broken(file, "is no file: move it away, or correct store or dbPath");
    }
    try {
      String text = Files.readString(file);
      if (text.isBlank()) {
        return new StoreFile(file, text, List.of(), List.of());
      }
      RouteFile read = RouteJson.parseFile(text);
      List<String> faults = new ArrayList<>();
      for (RouteFile.Fault fault : read.faults()) {
        Place place = new Place(fault.line(), fault.column(), fault.path());
        faults.add(place.fault(fault.message()).in(file.toString()));
      }
      Path directory = file.resolveSibling("");
      List<Route> routes = read.routes().stream().map(r -> r.filesFrom(directory)).toList();
      return new StoreFile(file, text, routes, faults);
    } catch (IOException | InvalidRouteException e) {
      return broken(file, String.valueOf(e.getMessage()));
    }
  }

  private static StoreFile broken(Path file, String message) {
    return new StoreFile(file, "", List.of(), List.of(file + ": " + message));
  }

  /** A fault of one of its routes, with its place. */
  String line(InvalidRouteException e) {
    return RoutesReader.place(text, e)
        .map(fault -> fault.in(file.toString()))
        .orElse(file + ": " + e.getMessage());
  }
}
