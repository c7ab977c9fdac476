package io.proxyetc.internal.http.message;

import io.proxyetc.internal.http.loop.IoLoop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * The client's side of one exchange: an HTTP/1 connection while it has a request, or an HTTP/2
 * stream. All on its IO thread. The response is written in the order {@code interim* response
 * commit piece* end}; {@link #abort} may come at any time.
 */
public interface Downstream extends BodyConsumer {
  IoLoop loop();

  /** The request's head; valid until the exchange ends. */
  Head request();

  /** What is the same for all requests of the connection. */
  Client client();

  /** Who hears of what happens next; set by whoever handles the request, before it returns. */
  void listen(Events events);

  /** Whether a part of the request's body is still to come. */
  boolean bodyPending();

  /** The trailers of the request's body, once it is done; null: none. */
  @Nullable Head requestTrailers();

  /**
   * Gives what is there of the request's body to a consumer, and goes on reading.
   *
   * @throws IOException the client is gone, or its framing is broken ({@link
   *     io.proxyetc.internal.http.wire.FramingException})
   */
  BodyProgress pump(BodyConsumer consumer) throws IOException;

  /** The connection is not to be used for another request: where this one ends cannot be known. */
  void closeAfterwards();

  /** Asks the client to send its body: 100 Continue. */
  void askForBody() throws IOException;

  /** An interim response (1xx): its fields; then {@link #commitInterim}. */
  HeadSink interim(int status);

  /** The same, with a reason phrase, where the protocol has one. */
  default HeadSink interim(int status, byte[] reason, int from, int to) {
    return interim(status);
  }

  /** Sends the interim response. */
  void commitInterim() throws IOException;

  /** The final response: its fields, framing apart; then {@link #commit}. */
  HeadSink response(int status, byte[] reason, int from, int to);

  /**
   * The response's head is complete.
   *
   * @param length of the body; {@link #UNKNOWN}: the body has any length; for a response without
   *     body the length that is stated nevertheless (HEAD, 304), or {@link #UNKNOWN}
   * @param body whether a body follows
   */
  void commit(long length, boolean body) throws IOException;

  /** A body of a length not known beforehand. */
  long UNKNOWN = -1;

  /** Whether the head of the final response has been begun. */
  boolean responded();

  /**
   * Writes what is still held back. Gives false if the client must read first: wait for {@link
   * Events#onDrained}.
   */
  boolean flush() throws IOException;

  /** The response is complete. The exchange ends when the request is complete, too, or given up. */
  void end(@Nullable Head trailers) throws IOException;

  /** Cuts the response so that the client notices; ends the exchange. */
  void abort();

  /**
   * After a 101 was flushed: the bare connection, and what was read beyond the request. Whoever has
   * it closes it, at the latest when {@link Events#onGone} tells that the proxy shuts down; nothing
   * else is told from now on. Null with HTTP/2.
   */
  @Nullable StreamConnection upgrade();

  /** What happens on the client's side. */
  interface Events {
    /** A part of the request's body has arrived. */
    void onBodyReadable();

    /** The client has taken all that was written. */
    void onDrained();

    /** The rest of the body did not come in time. */
    void onBodyTimeout();

    /** The client is gone: nothing more can be written. */
    void onGone(Throwable cause);
  }

  /** Handles a request. Called on the IO thread; must not block and must not throw. */
  interface Handler {
    void handle(Downstream downstream);

    /**
     * Answers what is no valid request: its head is incomplete. The connection closes behind it.
     */
    void refuse(Downstream downstream, int status, String text);
  }
}
