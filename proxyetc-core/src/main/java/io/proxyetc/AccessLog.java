package io.proxyetc;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One line per request, written by a thread of its own behind a bounded queue: when the disk is
 * slower than the traffic, lines are dropped and counted rather than requests held up.
 *
 * @param format combined or JSON
 * @param file where to; empty: standard output. The file is opened again after it was moved away
 */
public record AccessLog(Format format, Optional<Path> file) {
  public AccessLog {
    Given.notNull("access log: the format", format, "give Format.COMBINED or Format.JSON");
    Given.notNull("access log: the file", file, "Optional.empty() is standard output");
  }

  /** What a line looks like. */
  public enum Format {
    /** The combined log format of web servers, with the time taken and the target behind it. */
    COMBINED,
    /** One JSON object a line. */
    JSON
  }
}
