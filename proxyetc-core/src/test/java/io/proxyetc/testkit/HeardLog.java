package io.proxyetc.testkit;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is logged while it is open, in this whole process: the tests' logger writes to standard
 * error, where it is still shown.
 */
public final class HeardLog implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  private HeardLog() {}

  /** Begins to listen. */
  public static HeardLog open() {
    HeardLog log = new HeardLog();
    System.setErr(new PrintStream(log.both(), true, StandardCharsets.UTF_8));
    return log;
  }

  private OutputStream both() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        before.write(b);
        heard.write(b);
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        before.write(bytes, from, length);
        heard.write(bytes, from, length);
      }
    };
  }

  /** The lines that contain all of these texts. */
  public List<String> lines(String... texts) {
    return heard
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> List.of(texts).stream().allMatch(line::contains))
        .toList();
  }

  @Override
  public void close() {
    System.setErr(before);
  }
}
