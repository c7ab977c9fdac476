package io.proxyetc;

import java.time.Duration;

/**
 * What the proxy bounds, each with its default: {@code Limits.DEFAULT.withMaxBody(…)}. Sizes are
 * bytes; times run on monotonic time in steps of 100 ms.
 *
 * @param maxConnections clients connected at once, over all listeners, TLS handshakes included;
 *     further ones wait to be accepted. Crowds that come to several sockets in the same moment may
 *     be as many at each before these hear of each other. 20,000
 * @param maxSockets connections to one target address at once, over all threads; a target at its
 *     limit is full and the next candidate is asked. 4,096
 * @param maxRequestLine of a request; above it 414. 16 KiB
 * @param maxHead request line and header fields together; above it 431. 32 KiB
 * @param maxFields header fields of a message; above it 431 (502 from a target). 100
 * @param maxResponseHead of a target's response; above it 502. 64 KiB
 * @param maxBody of a request; above it 413. 0: any size (bodies stream through)
 * @param headTimeout from the first byte of a request's head to its last; then 408. 10 s
 * @param bodyTimeout between two pieces of a request's body; then 408. 30 s
 * @param keepAlive how long a client's connection may stay idle between requests. 75 s
 * @param targetKeepAlive how long a connection to a target is kept idle. 60 s
 * @param maxBuffered bytes waiting in the proxy for slow readers, in total; above it new requests
 *     get 503 with Retry-After. 64 MiB
 * @param maxStreams of one HTTP/2 connection at once. 100
 * @param drain how long {@link ProxyServer#close} waits for requests in flight. 30 s
 */
public record Limits(
    int maxConnections,
    int maxSockets,
    int maxRequestLine,
    int maxHead,
    int maxFields,
    int maxResponseHead,
    long maxBody,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration keepAlive,
    Duration targetKeepAlive,
    long maxBuffered,
    int maxStreams,
    Duration drain) {

  /** The defaults named at each limit. */
  public static final Limits DEFAULT =
      new Limits(
          20_000,
          4_096,
          16 * 1024,
          32 * 1024,
          100,
          64 * 1024,
          0,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          Duration.ofSeconds(60),
          64L * 1024 * 1024,
          100,
          Duration.ofSeconds(30));

  public Limits {
    atLeast("maxConnections", maxConnections, 1);
    atLeast("maxSockets", maxSockets, 1);
    between("maxRequestLine", maxRequestLine, 256, 1 << 20);
    between("maxHead", maxHead, 512, 1 << 20);
    between("maxFields", maxFields, 8, 1000);
    between("maxResponseHead", maxResponseHead, 512, 1 << 20);
    atLeast("maxBody", maxBody, 0);
    positive("headTimeout", headTimeout);
    positive("bodyTimeout", bodyTimeout);
    positive("keepAlive", keepAlive);
    positive("targetKeepAlive", targetKeepAlive);
    atLeast("maxBuffered", maxBuffered, 1 << 20);
    between("maxStreams", maxStreams, 1, 10_000);
    if (drain.isNegative() || drain.compareTo(Duration.ofDays(1)) > 0) {
      throw new ProxyException(
          "limits.drain: " + SecondsText.of(drain) + " is not between 0 and 1 day");
    }
  }

  /** The same with another number of clients. */
  public Limits withMaxConnections(int value) {
    return new Limits(
        value,
        maxSockets,
        maxRequestLine,
        maxHead,
        maxFields,
        maxResponseHead,
        maxBody,
        headTimeout,
        bodyTimeout,
        keepAlive,
        targetKeepAlive,
        maxBuffered,
        maxStreams,
        drain);
  }

  /** The same with another number of connections per target address. */
  public Limits withMaxSockets(int value) {
    return new Limits(
        maxConnections,
        value,
        maxRequestLine,
        maxHead,
        maxFields,
        maxResponseHead,
        maxBody,
        headTimeout,
        bodyTimeout,
        keepAlive,
        targetKeepAlive,
        maxBuffered,
        maxStreams,
        drain);
  }

  /** The same with other bounds of request line, head, number of fields and response head. */
  public Limits withHeads(int requestLine, int head, int fields, int responseHead) {
    return new Limits(
        maxConnections,
        maxSockets,
        requestLine,
        head,
        fields,
        responseHead,
        maxBody,
        headTimeout,
        bodyTimeout,
        keepAlive,
        targetKeepAlive,
        maxBuffered,
        maxStreams,
        drain);
  }

  /** The same with another size of request bodies. */
  public Limits withMaxBody(long value) {
    return new Limits(
        maxConnections,
        maxSockets,
        maxRequestLine,
        maxHead,
        maxFields,
        maxResponseHead,
        value,
        headTimeout,
        bodyTimeout,
        keepAlive,
        targetKeepAlive,
        maxBuffered,
        maxStreams,
        drain);
  }

  /** The same with other times for the head of a request and between pieces of its body. */
  public Limits withRequestTimeouts(Duration head, Duration body) {
    return new Limits(
        maxConnections,
        maxSockets,
        maxRequestLine,
        maxHead,
        maxFields,
        maxResponseHead,
        maxBody,
        head,
        body,
        keepAlive,
        targetKeepAlive,
        maxBuffered,
        maxStreams,
        drain);
  }

  /** The same with other times for idle connections: clients', targets'. */
  public Limits withKeepAlive(Duration clients, Duration targets) {
    return new Limits(
        maxConnections,
        maxSockets,
        maxRequestLine,
        maxHead,
        maxFields,
        maxResponseHead,
        maxBody,
        headTimeout,
        bodyTimeout,
        clients,
        targets,
        maxBuffered,
        maxStreams,
        drain);
  }

  /** The same with another bound of buffered bytes. */
  public Limits withMaxBuffered(long value) {
    return new Limits(
        maxConnections,
        maxSockets,
        maxRequestLine,
        maxHead,
        maxFields,
        maxResponseHead,
        maxBody,
        headTimeout,
        bodyTimeout,
        keepAlive,
        targetKeepAlive,
        value,
        maxStreams,
        drain);
  }

  /** The same with another number of HTTP/2 streams. */
  public Limits withMaxStreams(int value) {
    return new Limits(
        maxConnections,
        maxSockets,
        maxRequestLine,
        maxHead,
        maxFields,
        maxResponseHead,
        maxBody,
        headTimeout,
        bodyTimeout,
        keepAlive,
        targetKeepAlive,
        maxBuffered,
        value,
        drain);
  }

  /** The same with another time to drain. */
  public Limits withDrain(Duration value) {
    return new Limits(
        maxConnections,
        maxSockets,
        maxRequestLine,
        maxHead,
        maxFields,
        maxResponseHead,
        maxBody,
        headTimeout,
        bodyTimeout,
        keepAlive,
        targetKeepAlive,
        maxBuffered,
        maxStreams,
        value);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new ProxyException("limits." + name + ": " + value + " is less than " + least);
    }
  }

  private static void between(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ProxyException(
          "limits." + name + ": " + value + " is not between " + least + " and " + most);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(100)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new ProxyException(
          "limits." + name + ": " + SecondsText.of(value) + " is not between 100 ms and 1 day");
    }
  }
}
