package io.proxyetc.testkit;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response as a strict client sees it.
 *
 * @param head exact text, empty line included
 * @param version such as {@code HTTP/1.1}
 * @param status the code
 * @param fields in order
 * @param framing how the body's end is told
 * @param body decoded; what came of it where it was cut
 * @param trailers behind a chunked body
 * @param interim the 1xx answers before this one
 * @param complete whether the body came to its end as its framing wants
 */
public record RawResponse(
    String head,
    String version,
    int status,
    List<Field> fields,
    Framing framing,
    String body,
    List<Field> trailers,
    List<RawResponse> interim,
    boolean complete) {

  /** How a body's end is told. */
  public enum Framing {
    /** There is none. */
    NONE,
    /** By Content-Length. */
    LENGTH,
    /** By the last chunk. */
    CHUNKED,
    /** By the end of the connection. */
    CLOSE
  }

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

  /** Whether the response says that the connection closes behind it. */
  public boolean saysClose() {
    return all("Connection").stream().anyMatch("close"::equalsIgnoreCase);
  }

  /** Reads up to a final head; the 1xx heads before it are its {@link #interim}. */
  static RawResponse readHead(WireReader in, String method) throws SocketTimeoutException {
    List<RawResponse> interim = new ArrayList<>();
    RawResponse response = readOne(in, method);
    while (response.status() >= 100 && response.status() < 200 && response.status() != 101) {
      interim.add(response);
      response = readOne(in, method);
    }
    return response.with(response.body, response.trailers, List.copyOf(interim), false);
  }

  /** Reads the body behind a head. */
  RawResponse readBody(WireReader in) throws SocketTimeoutException {
    return switch (framing) {
      case NONE -> with("", List.of(), interim, true);
      case LENGTH -> {
        long length = Long.parseLong(field("Content-Length"));
        String text = in.readExactly(length);
        yield with(text, List.of(), interim, text.length() == length);
      }
      case CLOSE -> {
        String text = in.readAll();
        yield with(text, List.of(), interim, in.end() == End.FIN);
      }
      case CHUNKED -> readChunks(in);
    };
  }

  private RawResponse readChunks(WireReader in) throws SocketTimeoutException {
    StringBuilder text = new StringBuilder();
    String chunk = in.readChunk();
    while (chunk != null && !chunk.isEmpty()) {
      text.append(chunk);
      chunk = in.readChunk();
    }
    List<Field> end = chunk == null ? null : in.readTrailers();
    return with(text.toString(), end == null ? List.of() : end, interim, end != null);
  }

  private RawResponse with(
      String newBody, List<Field> newTrailers, List<RawResponse> newInterim, boolean done) {
    return new RawResponse(
        head, version, status, fields, framing, newBody, newTrailers, newInterim, done);
  }

  private static RawResponse readOne(WireReader in, String method) throws SocketTimeoutException {
    String head = in.readHead();
    if (!head.endsWith("\r\n\r\n")) {
      throw new AssertionError(
          "no response head but " + in.end() + " behind '" + Wire.show(head) + "'");
    }
    String[] lines = head.substring(0, head.length() - 4).split("\r\n", -1);
    List<String> faults = new ArrayList<>();
    if (!lines[0].matches("HTTP/1\\.[01] [1-5][0-9][0-9] [\t -~\u0080-\u00ff]*")) {
      faults.add("no status line");
    }
    List<Field> fields = Field.parse(lines, 1, faults);
    if (!faults.isEmpty()) {
      throw new AssertionError("a bad response head, " + faults + ": " + Wire.show(head));
    }
    int status = Integer.parseInt(lines[0].substring(9, 12));
    Framing framing = framing(head, method, status, fields);
    return new RawResponse(
        head,
        lines[0].substring(0, 8),
        status,
        fields,
        framing,
        "",
        List.of(),
        List.of(),
        framing == Framing.NONE);
  }

  /** RFC 9112, section 6.3, without any tolerance. */
  private static Framing framing(String head, String method, int status, List<Field> fields) {
    List<String> codings = Field.values(fields, "Transfer-Encoding");
    List<String> lengths = Field.values(fields, "Content-Length");
    boolean noneAllowed = status < 200 || status == 204;
    @Nullable String fault =
        codings.size() + lengths.size() > 1
            ? "its framing is ambiguous"
            : noneAllowed && codings.size() + lengths.size() > 0
                ? "framing fields are forbidden here"
                : !codings.isEmpty() && !codings.get(0).equals("chunked")
                    ? "an unknown transfer coding"
                    : !lengths.isEmpty() && !lengths.get(0).matches("[0-9]{1,18}")
                        ? "a bad length"
                        : null;
    if (fault != null) {
      throw new AssertionError("a bad response, " + fault + ": " + Wire.show(head));
    }
    if (noneAllowed || status == 304 || method.equals("HEAD")) {
      return Framing.NONE;
    }
    return !codings.isEmpty()
        ? Framing.CHUNKED
        : !lengths.isEmpty() ? Framing.LENGTH : Framing.CLOSE;
  }
}
