package io.proxyetc.internal.http.respond;

import io.proxyetc.AccessLog;
import java.time.ZoneId;

/** One format of the access log. For one thread. */
interface AccessLine {
  /** Appends a whole line, its end included. */
  void append(AccessEntry entry, LineBuffer to);

  static AccessLine of(AccessLog.Format format, ZoneId zone) {
    return switch (format) {
      case COMBINED -> new CombinedLine(zone);
      case JSON -> new JsonLine();
    };
  }
}
