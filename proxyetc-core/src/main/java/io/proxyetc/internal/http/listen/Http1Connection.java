package io.proxyetc.internal.http.listen;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.HeadParser;
import io.proxyetc.internal.http.wire.Inlet;
import io.proxyetc.internal.http.wire.Outlet;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * A client's HTTP/1 connection, one request after the other ({@link Http1Exchange}). Reads stay
 * armed while a request runs, so that a client that goes away is noticed at once; only bytes that
 * come too early suspend them.
 *
 * <pre>{@code
 *            first byte          head complete
 * WAITING ---------------> HEAD ---------------> BUSY --both sides complete--> WAITING
 *    |                      |                     |  \
 *    | idle, closed         | fault: refuse       |   response complete, body is not
 *    v                      v                     v    v
 *  CLOSED <-------------- LINGER <------------- close  DRAIN --> WAITING or LINGER
 *                                      BUSY --101--> UPGRADED (the connection is somebody else's)
 * }</pre>
 */
final class Http1Connection
    implements Outlet.Owner, OpenConnections.Closable, ChannelListener<ConduitStreamSourceChannel> {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private enum State {
    WAITING,
    HEAD,
    BUSY,
    DRAIN,
    LINGER,
    UPGRADED,
    CLOSED
  }

  private final ConduitStreamSourceChannel source;
  private final IoLoop loop;
  private final Client client;
  private final Limits limits;
  private final Downstream.Handler handler;
  private final OpenConnections open;
  private final Inlet inlet;
  private final Outlet outlet;
  private final RequestHeads heads;
  private final Head head = new Head();
  private final Http1Exchange exchange;
  private final Leftovers leftovers;
  private final ClientSocket socket;
  private final Timer timer;

  // All below belong to the IO thread.
  private State state = State.WAITING;
  private boolean closing; // the proxy is shutting down

  Http1Connection(
      StreamConnection connection,
      IoLoop loop,
      Client client,
      Limits limits,
      Downstream.Handler handler,
      OpenConnections open) {
    this.source = connection.getSourceChannel();
    this.loop = loop;
    this.client = client;
    this.limits = limits;
    this.handler = handler;
    this.open = open;
    this.inlet = new Inlet(loop, source, !client.secure());
    this.outlet = new Outlet(loop, connection.getSinkChannel(), this);
    this.heads = new RequestHeads(this, inlet, head, limits);
    this.exchange = new Http1Exchange(this, loop, client, inlet, outlet, head);
    this.leftovers = new Leftovers(inlet, head);
    this.socket = new ClientSocket(connection, inlet, outlet);
    this.timer = loop.wheel().timer(this::onTimeout);
  }

  /** Begins to read. */
  void start() {
    source.setReadListener(this);
    source.setCloseListener(c -> {});
    heads.begin();
    timer.set(limits.headTimeout().toNanos());
    source.resumeReads();
    handleEvent(source);
  }

  // ---- reading ----

  @Override
  public void handleEvent(ConduitStreamSourceChannel readable) {
    try {
      inlet.readable();
      switch (state) {
        case WAITING, HEAD -> heads.read();
        case BUSY -> readWhileBusy();
        case DRAIN -> drain();
        case LINGER -> linger();
        case UPGRADED, CLOSED -> readable.suspendReads();
      }
    } catch (IOException e) {
      gone(e);
    } catch (RuntimeException | Error e) {
      LOG.error("a connection from {} failed inside the proxy", client.peer(), e);
      gone(e);
    }
  }

  boolean awaitsHead() {
    return state == State.WAITING || state == State.HEAD;
  }

  /** So far the next head is read; see {@link Inlet#head}. */
  void onHead(int end) {
    if (end == HeadParser.MORE) {
      if (head.length > 0 && state == State.WAITING) {
        state = State.HEAD;
        timer.set(limits.headTimeout().toNanos());
      }
    } else if (end == Inlet.CLOSED) {
      close();
    } else if (end == HeadParser.FAULT) {
      refuse(heads.fault().status(), heads.fault().text());
    } else {
      begin();
    }
  }

  private void begin() {
    busy();
    exchange.begin(!closing);
    if (limits.maxBody() > 0 && head.contentLength > limits.maxBody()) {
      exchange.closeAfterwards();
      handler.refuse(exchange, 413, "the body is larger than " + limits.maxBody() + " bytes");
    } else {
      handler.handle(exchange);
    }
  }

  private void refuse(int status, String text) {
    busy();
    exchange.beginRefused();
    handler.refuse(exchange, status, text);
  }

  private void busy() {
    state = State.BUSY;
    timer.cancel();
  }

  private void readWhileBusy() throws IOException {
    if (exchange.bodyPending() && exchange.onReadable()) {
      return;
    }
    // Nobody takes bytes now, or they are the next request's: is the client still there?
    int n = exchange.paused() ? 0 : inlet.peek();
    if (n < 0) {
      gone(new EOFException("the client closed the connection"));
    } else if (n == 0) {
      source.suspendReads();
    }
  }

  // ---- for the exchange ----

  /** Whether the client is to send more of its body now. */
  void bodyAwaited(boolean now) {
    if (now) {
      timer.set(limits.bodyTimeout().toNanos());
    } else {
      timer.cancel();
    }
  }

  void resumeReads() {
    source.resumeReads();
  }

  boolean closing() {
    return closing;
  }

  /**
   * The response is written.
   *
   * @param flushed whether the client has taken all of it
   */
  void onResponseEnd(boolean flushed) throws IOException {
    if (flushed) {
      afterResponse();
    } else {
      timer.set(limits.keepAlive().toNanos());
    }
  }

  /** Closes so that the client notices that its response is not complete. */
  void abort() {
    socket.cutShort(exchange.responded(), exchange.endsByClose());
    close();
  }

  /** The bare connection, and what was read beyond the request, for another protocol. */
  StreamConnection handOver() {
    timer.remove();
    state = State.UPGRADED;
    return socket.handOver(() -> loop.execute(this::close));
  }

  // ---- after the exchange ----

  @Override
  public void onDrained() {
    if (state == State.LINGER) {
      halfClose();
    } else if (exchange.responseDone() && state == State.BUSY) {
      try {
        afterResponse();
      } catch (IOException e) {
        gone(e);
      }
    } else {
      exchange.onDrained();
    }
  }

  private void afterResponse() throws IOException {
    if (!exchange.persistent()) {
      beginLinger();
    } else if (exchange.bodyPending()) {
      state = State.DRAIN;
      leftovers.begin();
      timer.set(limits.bodyTimeout().toNanos());
      drain();
    } else {
      next();
    }
  }

  /** Ready for the next request, which may be here already. */
  private void next() throws IOException {
    state = State.WAITING;
    if (closing) {
      close();
      return;
    }
    boolean here = inlet.hasUnread();
    if (!here) {
      inlet.free();
      head.shrink();
    }
    heads.begin();
    timer.set(limits.keepAlive().toNanos());
    source.resumeReads();
    if (here) {
      heads.read();
    }
  }

  /** The rest of a body that nobody wants, within bounds. */
  private void drain() throws IOException {
    switch (leftovers.drain()) {
      case DONE -> next();
      case BLOCKED -> beginLinger();
      case WAITING -> source.resumeReads();
    }
  }

  // ---- the end ----

  /** Closes the writing half when all is written, and reads on for a while. */
  private void beginLinger() {
    state = State.LINGER;
    timer.set(LINGER_NANOS);
    if (!outlet.blocked()) {
      halfClose();
    }
    source.resumeReads();
  }

  private void halfClose() {
    if (!socket.halfClose()) {
      close();
    }
  }

  private void linger() throws IOException {
    if (!socket.linger()) {
      close();
    }
  }

  private void onTimeout() {
    switch (state) {
      case HEAD -> refuse(408, "the request did not come in time");
      case BUSY -> exchange.onTimeout();
      default -> close();
    }
  }

  @Override
  public void onWriteFailed(IOException cause) {
    gone(cause);
  }

  private void gone(Throwable cause) {
    Downstream.Events told = exchange.silence();
    close();
    if (told != null) {
      told.onGone(cause);
    }
  }

  private void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    timer.remove();
    loop.counters().add(Counter.CLOSED);
    socket.close();
    open.closed(this); // last: when all are, a proxy that shuts down ends the threads
  }

  /**
   * The proxy is shutting down: closes when idle, else after the present exchange. A request that
   * is here already, but was not seen yet, is still served.
   */
  @Override
  public void shutdown() {
    closing = true;
    if (state == State.WAITING && head.length == 0) {
      handleEvent(source);
    }
    if (state == State.WAITING && head.length == 0) {
      close();
    }
  }

  /** The proxy's patience is over. */
  @Override
  public void terminate() {
    gone(new EOFException("the proxy is shutting down"));
  }
}
