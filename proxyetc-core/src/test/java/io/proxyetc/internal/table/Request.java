package io.proxyetc.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A request as a look-up sees it, for tests: host and path lie somewhere inside other bytes, and
 * what follows them looks as if it were more of them.
 */
record Request(String host, String path, String method, Map<String, String> headers, int port)
    implements RequestKey {
  static Request get(String host, String path) {
    return new Request(host, path, "GET", Map.of(), 80);
  }

  Request method(String newMethod) {
    return new Request(host, path, newMethod, headers, port);
  }

  Request header(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Request(host, path, method, more, port);
  }

  Request port(int newPort) {
    return new Request(host, path, method, headers, newPort);
  }

  @Override
  public byte[] hostBytes() {
    return ("Host: " + host + ".a.com:80\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public int hostFrom() {
    return 6;
  }

  @Override
  public int hostTo() {
    return 6 + host.length();
  }

  @Override
  public byte[] pathBytes() {
    return ("GET " + path + "?/p1 HTTP").getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public int pathFrom() {
    return 4;
  }

  @Override
  public int pathTo() {
    return 4 + path.length();
  }

  @Override
  public boolean methodIs(String upperCase) {
    return method.equals(upperCase);
  }

  @Override
  public boolean headerIs(String lowerCaseName, String value) {
    String present = headers.get(lowerCaseName);
    return present != null && (value.equals("*") || value.equals(present));
  }

  @Override
  public int listenerPort() {
    return port;
  }
}
