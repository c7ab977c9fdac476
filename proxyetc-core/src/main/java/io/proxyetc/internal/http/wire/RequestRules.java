package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;

/** What must hold for a request's head as a whole (RFC 9112, sections 3.2 and 6.1). */
final class RequestRules {
  private RequestRules() {}

  static HeadFault check(Head head) {
    if (head.chunked) {
      if (head.contentLength >= 0) {
        return HeadFault.TRANSFER_ENCODING_AND_LENGTH;
      }
      if (head.minorVersion == 0) {
        return HeadFault.TRANSFER_ENCODING_IN_1_0;
      }
    }
    if (head.minorVersion == 1 && !head.has(FieldId.HOST)) {
      return HeadFault.HOST_MISSING;
    }
    return HostRules.prepare(head) ? HeadFault.NONE : HeadFault.HOST;
  }
}
