package io.proxyetc.internal.http.message;

/** Where the fields of a head are written to: bytes of HTTP/1, or a map of HTTP/2. */
public interface HeadSink {
  /** The i-th field of another head, as it is. */
  void field(Head head, int i);

  /** A field from bytes. The name is lower or mixed case; HTTP/2 lowers it. */
  void field(byte[] name, byte[] value, int from, int to);

  /** A field from bytes. */
  default void field(byte[] name, byte[] value) {
    field(name, value, 0, value.length);
  }
}
