package io.proxyetc.internal.http;

import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.respond.Answer;
import java.nio.charset.StandardCharsets;

/** Where a plain request is sent that should have come over TLS. */
final class ToHttps {
  private ToHttps() {}

  /**
   * Leads to the same place, or refuses where nobody can say which.
   *
   * @param port a colon and the port, or nothing
   */
  static Answer answer(Head head, String port) {
    String host =
        new String(
            head.lookupHost,
            head.lookupHostFrom,
            head.lookupHostTo - head.lookupHostFrom,
            StandardCharsets.ISO_8859_1);
    return host.isEmpty()
        ? Answer.of(head, 400, "A redirect to https needs a Host.")
        : Answer.redirect(head, "https://" + host + port + head.target());
  }
}
