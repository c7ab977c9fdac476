package io.proxyetc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/**
 * A connection from the proxy to a {@link RecordingTarget}. Its public side is safe for any thread.
 */
public final class TargetConnection {
  private final RecordingTarget target;
  private final int index;
  private final Socket socket;
  private final WireReader in;
  private final CompletableFuture<End> ended = new CompletableFuture<>();

  TargetConnection(RecordingTarget target, int index, Socket socket) throws IOException {
    this.target = target;
    this.index = index;
    this.socket = socket;
    this.in = new WireReader(socket.getInputStream());
  }

  /** Exactly what came. */
  public String raw() {
    return in.raw();
  }

  /** How many bytes came. */
  public long bytesReceived() {
    return in.received();
  }

  /** Completes with how the proxy ended the connection, or with FIN where the target itself did. */
  public CompletableFuture<End> ended() {
    return ended;
  }

  /** Waits until the connection has ended. */
  public End awaitEnded() {
    return Await.get("the end of the target's connection " + index, ended);
  }

  /** Ends the sending side: the proxy sees a clean close. */
  public void close() {
    try {
      if (!socket.isClosed()) {
        socket.shutdownOutput();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close", e);
    }
  }

  /** Closes it with a reset. */
  public void reset() {
    try {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reset", e);
    }
  }

  /** Sends bytes that no request asked for. */
  public void sendUnasked(String latin1) {
    try {
      // One call: the proxy may close at once, and then the socket is gone.
      socket.getOutputStream().write(Wire.bytes(latin1));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot send on connection " + index + " of '" + Wire.show(in.raw()) + "'", e);
    }
  }

  void abort() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close", e);
    }
  }

  void serve() {
    try (socket) {
      boolean open = true;
      while (open) {
        open = serveOne();
      }
    } catch (IOException | AssertionError e) {
      // The scripts and the records tell what happened; the connection is over either way.
      ended.complete(in.end() == null ? End.FIN : in.end());
    } finally {
      ended.complete(in.end() == null ? End.FIN : in.end());
    }
  }

  private boolean serveOne() throws IOException {
    String head = in.readHead();
    if (head.isEmpty()) {
      return false;
    }
    if (!head.endsWith("\n\n") && !head.endsWith("\r\n\r\n")) {
      return false; // The connection ended within a head: nothing that counts as a request.
    }
    Received request = target.parse(index, head);
    Exchange exchange = new Exchange(socket, in, request, target.faultList());
    target.scriptFor(request).run(exchange);
    if (exchange.closed()) {
      awaitPeer();
      return false;
    }
    exchange.readBody();
    return true;
  }

  /** Lets the proxy close too, so that unread bytes do not turn a clean end into a reset. */
  private void awaitPeer() throws IOException {
    if (!socket.isClosed() && in.end() == null) {
      socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
      in.readAll();
    }
  }
}
