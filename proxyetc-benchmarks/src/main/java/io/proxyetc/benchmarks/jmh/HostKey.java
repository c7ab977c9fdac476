package io.proxyetc.benchmarks.jmh;

import io.proxyetc.internal.table.RequestKey;
import java.nio.charset.StandardCharsets;

/**
 * A GET for {@code /index.html} of host number n, written into one small buffer as a parser would
 * leave it: so that what is measured is the table in cold memory, not the request.
 */
final class HostKey implements RequestKey {
  private static final int DIGITS = 6;

  private final byte[] host = host(0).getBytes(StandardCharsets.US_ASCII);
  private final byte[] path = "/index.html".getBytes(StandardCharsets.US_ASCII);

  static String host(int number) {
    return String.format("h%0" + DIGITS + "d.example.com", number);
  }

  void set(int number) {
    int rest = number;
    for (int i = DIGITS; i > 0; i--) {
      host[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  @Override
  public byte[] hostBytes() {
    return host;
  }

  @Override
  public int hostFrom() {
    return 0;
  }

  @Override
  public int hostTo() {
    return host.length;
  }

  @Override
  public byte[] pathBytes() {
    return path;
  }

  @Override
  public int pathFrom() {
    return 0;
  }

  @Override
  public int pathTo() {
    return path.length;
  }

  @Override
  public boolean methodIs(String upperCase) {
    return upperCase.equals("GET");
  }

  @Override
  public boolean headerIs(String lowerCaseName, String value) {
    return false;
  }

  @Override
  public int listenerPort() {
    return 8080;
  }
}
