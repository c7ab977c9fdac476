package io.proxyetc.internal.http.listen;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.HeadFault;
import io.proxyetc.internal.http.wire.HeadParser;
import io.proxyetc.internal.http.wire.Inlet;
import java.io.IOException;

/**
 * Reads the heads of a connection's requests, one after the other. A request that is answered at
 * once asks for the next head from within its own handling: that is another round of the loop here
 * and no deeper call, however many requests a client has sent in advance. On the IO thread.
 */
final class RequestHeads {
  private final Http1Connection connection;
  private final Inlet inlet;
  private final Head head;
  private final HeadParser parser;
  private boolean reading; // read is on the stack
  private boolean again; // it is to go round again

  RequestHeads(Http1Connection connection, Inlet inlet, Head head, Limits limits) {
    this.connection = connection;
    this.inlet = inlet;
    this.head = head;
    this.parser =
        new HeadParser(
            HeadParser.Kind.REQUEST, limits.maxRequestLine(), limits.maxHead(), limits.maxFields());
  }

  /** The next bytes begin another head. */
  void begin() {
    parser.begin(head);
  }

  /** Reads what is there; {@link Http1Connection#onHead} hears how far that is. */
  void read() throws IOException {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      do {
        again = false;
        connection.onHead(inlet.head(parser, head));
      } while (again && connection.awaitsHead());
    } finally {
      reading = false;
    }
  }

  /** What is wrong with the head that was read. */
  HeadFault fault() {
    return parser.fault();
  }
}
