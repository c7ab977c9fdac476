package io.proxyetc.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.testkit.Field;
import java.util.List;

/**
 * What came on a stream until it ended.
 *
 * @param interim the statuses before the final one
 * @param status the final one; 0: none came
 * @param fields of the final head
 * @param body as Latin-1
 * @param trailers behind it
 * @param reset the code of RST_STREAM; -1: the stream ended in order
 */
record Answer(
    List<Integer> interim,
    int status,
    List<Field> fields,
    String body,
    List<Field> trailers,
    int reset) {

  /** Fails where the stream did not end in order. */
  Answer complete() {
    assertEquals(-1, reset, "reset with this code");
    return this;
  }

  /** The only value of a field; fails where there is none, or more than one. */
  String field(String name) {
    List<String> values = Field.values(fields, name);
    assertEquals(1, values.size(), name + " should stand once in " + fields);
    return values.get(0);
  }

  boolean has(String name) {
    return !Field.values(fields, name).isEmpty();
  }
}
