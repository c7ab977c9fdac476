package io.proxyetc.internal.http.relay;

import io.proxyetc.PathRule;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.HeadWriter;
import java.nio.charset.StandardCharsets;

/** Puts another prefix in the place of a route's path. Immutable. */
public final class PathRewrite {
  private final int strip; // how many bytes of the path go
  private final byte[] prefix; // what comes in front; without a slash at its end

  public PathRewrite(String routePath, PathRule rule) {
    strip = routePath.equals("/") ? 0 : routePath.length();
    String p = rule.replacement();
    prefix = (p.equals("/") ? "" : p).getBytes(StandardCharsets.US_ASCII);
  }

  void write(HeadWriter w, Head head) {
    int rest = head.pathFrom + strip;
    w.raw(prefix);
    if (rest < head.pathTo) {
      w.raw(head.path, rest, head.pathTo);
    } else if (prefix.length == 0) {
      w.raw('/');
    }
  }
}
