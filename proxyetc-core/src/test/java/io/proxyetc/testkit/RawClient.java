package io.proxyetc.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends exactly the bytes it is told to, and reads responses without any tolerance.
 * Every read is bounded by {@link Wire#PATIENCE}. For one thread at a time.
 */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final OutputStream out;
  private final WireReader in;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
    out = socket.getOutputStream();
    in = new WireReader(socket.getInputStream());
  }

  /** Connects to a port on 127.0.0.1. */
  public static RawClient connect(int port) {
    return connect("127.0.0.1", port);
  }

  /** Connects to an address. */
  public static RawClient connect(String address, int port) {
    try {
      return new RawClient(open(address, port, 0));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect to " + address + ":" + port, e);
    }
  }

  /**
   * Connects with a small receive buffer, so that a client who does not read soon holds up the
   * sender.
   */
  public static RawClient connectNarrow(int port, int receiveBuffer) {
    try {
      return new RawClient(open("127.0.0.1", port, receiveBuffer));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot connect to port " + port, e);
    }
  }

  /**
   * Connects to a port on 127.0.0.1 over TLS, asking for a name and, if any, for protocols (ALPN).
   */
  public static RawClient tls(int port, SSLContext context, String name, String... protocols) {
    try {
      Socket plain = open("127.0.0.1", port, 0);
      SSLSocket secure =
          (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(name)));
      parameters.setApplicationProtocols(protocols);
      secure.setSSLParameters(parameters);
      secure.setSoTimeout((int) Wire.PATIENCE.toMillis());
      secure.startHandshake();
      return new RawClient(secure);
    } catch (IOException e) {
      throw new UncheckedIOException("no TLS connection to port " + port, e);
    }
  }

  private static Socket open(String address, int port, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(address, port), (int) Wire.PATIENCE.toMillis());
    return socket;
  }

  /** The port from which this client talks. */
  public int localPort() {
    return socket.getLocalPort();
  }

  /** Sends a text, each character as one byte. */
  public RawClient send(String latin1) {
    return send(Wire.bytes(latin1));
  }

  /** Sends bytes. */
  public RawClient send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy closed while the client was sending", e);
    }
  }

  /**
   * Sends a text that the other side may refuse half-way: gives false where the connection was
   * closed meanwhile.
   */
  public boolean trySend(String latin1) {
    try {
      out.write(Wire.bytes(latin1));
      out.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends a text in pieces, cut at the given positions. */
  public RawClient sendSplit(String latin1, int... cuts) {
    int from = 0;
    for (int cut : cuts) {
      send(latin1.substring(from, cut));
      Wire.pace();
      from = cut;
    }
    return send(latin1.substring(from));
  }

  /** Sends a text byte by byte. */
  public RawClient trickle(String latin1) {
    for (int i = 0; i < latin1.length(); i++) {
      send(latin1.substring(i, i + 1));
      Wire.pace();
    }
    return this;
  }

  /** Pauses as a slow client does: for stories about slowness only, whose verdict is not timed. */
  public void rest(int millis) {
    Wire.rest(millis);
  }

  /** Ends the sending direction only. */
  public RawClient halfClose() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot half-close", e);
    }
  }

  /** Closes both directions cleanly, before the test is done with this client. */
  public void hangUp() {
    close();
  }

  /** Closes by a reset. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reset", e);
    }
  }

  /** Reads a whole response to a request that was not HEAD. */
  public RawResponse read() {
    return read("GET");
  }

  /** Reads a whole response to a request of this method. */
  public RawResponse read(String method) {
    return bounded("a response", () -> RawResponse.readHead(in, method).readBody(in));
  }

  /** Reads the head of a response, and the interim ones before it; the body stays unread. */
  public RawResponse readHead(String method) {
    return bounded("the head of a response", () -> RawResponse.readHead(in, method));
  }

  /** Reads the body behind a head that {@link #readHead} gave. */
  public RawResponse readBody(RawResponse head) {
    return bounded("a body", () -> head.readBody(in));
  }

  /** Reads one head, interim or not, exactly as it came. */
  public String readHeadText() {
    return bounded("a head", in::readHead);
  }

  /** Reads so many bytes; fewer where the connection ends. */
  public String readExactly(int count) {
    return bounded(count + " bytes", () -> in.readExactly(count));
  }

  /** Reads some bytes: at least one, or -1 at the end of the connection. */
  public int readSome(byte[] target) {
    return bounded("some bytes", () -> in.read(target));
  }

  /** Reads one chunk of a chunked body; empty is the last one. */
  public String readChunk() {
    return bounded(
        "a chunk",
        () -> {
          String chunk = in.readChunk();
          if (chunk == null) {
            throw new AssertionError("the connection ended within a chunk by " + in.end());
          }
          return chunk;
        });
  }

  /** Waits for the other side to close, and fails where it sends anything before. */
  public End expectClosed() {
    int c = bounded("the close of the connection", in::read);
    if (c >= 0) {
      throw new AssertionError("more instead of a close: '" + Wire.show(remaining(c)) + "'");
    }
    return ended();
  }

  /** Waits for the other side to close, and gives what it sends before. */
  public String readToEnd() {
    return bounded("the close of the connection", in::readAll);
  }

  /** Gives what comes until the other side closes or says nothing for 300 ms. */
  public String readUntilIdle() {
    StringBuilder all = new StringBuilder();
    try {
      socket.setSoTimeout(300);
      for (int c = in.read(); c >= 0; c = in.read()) {
        all.append((char) c);
      }
    } catch (SocketTimeoutException e) {
      // Silence.
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    } finally {
      patience();
    }
    return all.toString();
  }

  /** How the connection ended; fails where it has not. */
  public End ended() {
    End end = in.end();
    if (end == null) {
      throw new AssertionError("the connection is still open");
    }
    return end;
  }

  /**
   * Fails where the other side closes, or sends anything, within a short time. For a connection
   * that must stay usable prefer to use it: that proves more and needs no time.
   */
  public void expectSilence(int millis) {
    try {
      socket.setSoTimeout(millis);
      int c = in.read();
      throw new AssertionError(
          c < 0 ? "closed by " + in.end() : "unexpected: '" + Wire.show(remaining(c)) + "'");
    } catch (SocketTimeoutException e) {
      // As it should be.
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    } finally {
      patience();
    }
  }

  private String remaining(int first) {
    return (char) first + readUntilIdle();
  }

  private void patience() {
    try {
      socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Reading<T> {
    T run() throws SocketTimeoutException;
  }

  private <T> T bounded(String what, Reading<T> reading) {
    try {
      return reading.run();
    } catch (SocketTimeoutException e) {
      throw new AssertionError(
          "no " + what + " within " + Wire.PATIENCE + "; so far came '" + Wire.show(in.raw()) + "'",
          e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close", e);
    }
  }
}
