package io.proxyetc.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Requests over plain HTTP/1.1 at a fixed rate, evenly spaced over kept connections. A request's
 * time runs from the moment it was due, not from when it could be sent, so that a stalled proxy
 * cannot hide its stall (no coordinated omission).
 *
 * @param connections at once
 * @param path what to ask for
 * @param bodyBytes above 0: a POST of that size
 */
record FixedRate(int connections, String path, int bodyBytes) implements PacedLoad {

  @Override
  public Latency run(Proxy proxy, double rate, int seconds) {
    try (PacedClient client = new PacedClient(proxy.httpPort(), request(), connections, rate)) {
      return client.run(seconds);
    }
  }

  private ByteBuffer request() {
    String head =
        bodyBytes > 0
            ? "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(path, bodyBytes, "x".repeat(bodyBytes))
            : "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path);
    byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
