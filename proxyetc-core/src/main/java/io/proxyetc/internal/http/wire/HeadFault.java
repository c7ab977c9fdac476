package io.proxyetc.internal.http.wire;

/**
 * What can be wrong with a head, and the status that a client gets for it. After each the
 * connection closes.
 */
public enum HeadFault {
  NONE(0, ""),
  BARE_LF(400, "a line ends in LF alone"),
  BARE_CR(400, "a CR without LF"),
  CONTROL(400, "a control character"),
  START_LINE(400, "the request line is malformed"),
  METHOD(400, "the method is malformed"),
  TARGET(400, "the request target is malformed"),
  VERSION_MALFORMED(400, "the protocol version is malformed"),
  VERSION(505, "only HTTP/1.0 and HTTP/1.1 are spoken here"),
  FIELD_NAME(400, "a header field's name is malformed"),
  FOLDED(400, "a header field is folded over lines"),
  HOST_MISSING(400, "the Host field is missing"),
  HOST_TWICE(400, "the Host field stands twice"),
  HOST(400, "the host is malformed"),
  CONTENT_LENGTH(400, "the Content-Length is malformed"),
  CONTENT_LENGTHS(400, "several Content-Length fields differ"),
  TRANSFER_ENCODING(400, "the Transfer-Encoding is malformed"),
  TRANSFER_ENCODING_UNKNOWN(501, "only the chunked transfer coding is known here"),
  TRANSFER_ENCODING_AND_LENGTH(400, "Content-Length with Transfer-Encoding"),
  TRANSFER_ENCODING_IN_1_0(400, "Transfer-Encoding in HTTP/1.0"),
  EXPECT(417, "only the expectation 100-continue is known here"),
  LINE_TOO_LONG(414, "the request line is too long"),
  HEAD_TOO_LARGE(431, "the header fields are too large"),
  TOO_MANY_FIELDS(431, "there are too many header fields"),
  STATUS_LINE(400, "the status line is malformed");

  private final int status;
  private final String text;

  HeadFault(int status, String text) {
    this.status = status;
    this.text = text;
  }

  /** The status for a client that sent this. */
  public int status() {
    return status;
  }

  /** What is wrong, in words. */
  public String text() {
    return text;
  }
}
