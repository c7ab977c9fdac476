package io.proxyetc.testkit;

import java.io.IOException;

/**
 * What a {@link RecordingTarget} does with a request whose head has come. Runs on the connection's
 * own thread, and may block.
 */
@FunctionalInterface
public interface Script {
  /** Reads and writes as it likes; a body it did not read is read after it. */
  void run(Exchange exchange) throws IOException;

  /** Reads the body, then answers 200 with {@code METHOD path} as the body. */
  static Script echoLine() {
    return exchange -> {
      exchange.readBody();
      exchange.send(okay(exchange.request().method() + " " + exchange.request().path()));
    };
  }

  /** Reads the body, then answers 200 with that body. */
  static Script echoBody() {
    return exchange -> exchange.send(okay(exchange.readBody().text()));
  }

  /** Reads the body, then sends exactly these bytes. */
  static Script raw(String response) {
    return exchange -> {
      exchange.readBody();
      exchange.send(response);
    };
  }

  /** Reads the body, sends exactly these bytes, then ends the connection cleanly. */
  static Script rawThenClose(String response) {
    return exchange -> {
      exchange.readBody();
      exchange.send(response);
      exchange.close();
    };
  }

  /** Reads the body, sends exactly these bytes, then resets the connection. */
  static Script rawThenReset(String response) {
    return exchange -> {
      exchange.readBody();
      exchange.send(response);
      exchange.reset();
    };
  }

  /** Reads the body, then sends these bytes one by one. */
  static Script trickled(String response) {
    return exchange -> {
      exchange.readBody();
      exchange.trickle(response);
    };
  }

  /** Reads the body and never answers, until the proxy closes. */
  static Script silent() {
    return exchange -> {
      exchange.readBody();
      exchange.awaitEnd();
    };
  }

  /** A complete 200 of plain text. */
  static String okay(String body) {
    return response("200 OK", body);
  }

  /** A complete response of plain text. */
  static String response(String status, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: text/plain\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
