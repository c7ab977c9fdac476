package io.proxyetc.testkit;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A request as the {@link RecordingTarget} received it. Safe for any thread.
 *
 * @param connection on which of the target's connections it came, from 0
 * @param head exact text, empty line included
 * @param method such as {@code GET}
 * @param path the request target as it stood there
 * @param version such as {@code HTTP/1.1}
 * @param fields in order
 * @param end completes with the body when it has come to its end; exceptionally where it was cut
 */
public record Received(
    int connection,
    String head,
    String method,
    String path,
    String version,
    List<Field> fields,
    CompletableFuture<Body> end) {

  /**
   * A body.
   *
   * @param text decoded
   * @param chunked whether it came in chunks
   * @param trailers behind the last chunk
   */
  public record Body(String text, boolean chunked, List<Field> trailers) {}

  /** The values of all fields of a name, in order. */
  public List<String> all(String name) {
    return Field.values(fields, name);
  }

  /** The only value of a field; fails where there is none, or more than one. */
  public String field(String name) {
    List<String> values = all(name);
    if (values.size() != 1) {
      throw new AssertionError(name + " should stand here once: " + Wire.show(head));
    }
    return values.get(0);
  }

  /** Whether there is a field of this name. */
  public boolean has(String name) {
    return !all(name).isEmpty();
  }

  /** Waits for the end of the body. */
  public Body awaitBody() {
    return Await.get("the end of the request's body", end);
  }

  /** Whether the request came to its end as its framing wants. */
  public boolean complete() {
    return end.isDone() && !end.isCompletedExceptionally();
  }
}
