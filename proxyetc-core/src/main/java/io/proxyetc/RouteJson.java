package io.proxyetc;

import io.proxyetc.spi.StoredRoute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/**
 * Routes as JSON documents, the same in files, stores and APIs; docs/routes.md describes every
 * field. Reading is strict (RFC 8259, no comments, no duplicate or unknown fields): a typing
 * mistake never silently changes routing. {@code parse(format(route))} equals {@code route}. Safe
 * for any thread; nothing here blocks.
 */
public final class RouteJson {
  /** How long the document of one route may be, in characters: 1 Mi. */
  public static final int MAX_ROUTE = 1 << 20;

  /** How long a file of routes may be, in characters: 128 Mi. */
  public static final int MAX_FILE = 1 << 27;

  static final String HOST_PASS = "pass";
  static final String HOST_TARGET = "target";

  private RouteJson() {}

  /**
   * Reads the document of one route.
   *
   * @throws InvalidRouteException with the path of the fault, behind {@code "route <id>: "} where
   *     the id is known, or with line and column where this is no JSON
   */
  public static Route parse(String json) {
    return RouteReader.read(JsonTree.parse(json, MAX_ROUTE));
  }

  /**
   * Writes a route: on several lines, in a fixed order of fields, without those at their default.
   */
  public static String format(Route route) {
    StringWriter out = new StringWriter();
    try {
      RouteWriter writer = new RouteWriter(out);
      writer.write(route);
      writer.json().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter throws none
    }
    return out.toString();
  }

  /**
   * Reads a file of routes: {@code {"routes": […]}}, a bare list {@code […]}, or what {@link
   * #formatFile} wrote. Routes that cannot be read are among its faults.
   *
   * @throws InvalidRouteException with line and column where the file as a whole cannot be read
   */
  public static RouteFile parseFile(String json) {
    return RouteFileReader.read(json, MAX_FILE);
  }

  /** Writes a file of routes, in the order given. */
  public static String formatFile(long revision, Collection<StoredRoute> routes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writeFile(out, revision, routes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory throws none
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * Writes what {@link #formatFile} gives, in UTF-8, piece by piece. Leaves the stream open.
   *
   * @throws IOException what the stream throws
   * @throws ProxyException where a text holds half a surrogate pair, which no file can hold
   */
  public static void writeFile(OutputStream out, long revision, Collection<StoredRoute> routes)
      throws IOException {
    RouteFileWriter.write(out, revision, routes);
  }
}
