package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.Head;

/** What must hold for a response's head as a whole (RFC 9112, sections 6.1 and 6.3). */
final class ResponseRules {
  private ResponseRules() {}

  static HeadFault check(Head head, HeadParser.Kind kind) {
    if (kind == HeadParser.Kind.TRAILERS || !head.chunked) {
      return HeadFault.NONE;
    }
    if (head.contentLength >= 0) {
      return HeadFault.TRANSFER_ENCODING_AND_LENGTH;
    }
    return head.minorVersion == 0 ? HeadFault.TRANSFER_ENCODING_IN_1_0 : HeadFault.NONE;
  }
}
