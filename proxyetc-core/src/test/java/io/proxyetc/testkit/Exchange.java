package io.proxyetc.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request in the hands of a {@link Script}. Used by the connection's thread only. */
public final class Exchange {
  private final Socket socket;
  private final OutputStream out;
  private final WireReader in;
  private final Received request;
  private final List<String> faults;
  private Received.@Nullable Body body;
  private boolean closed;

  Exchange(Socket socket, WireReader in, Received request, List<String> faults) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = in;
    this.request = request;
    this.faults = faults;
  }

  /** The request; its body may still be on its way. */
  public Received request() {
    return request;
  }

  /** Reads the rest of the request; fails where it is cut. */
  public Received.Body readBody() throws IOException {
    Received.Body read = body;
    if (read == null) {
      try {
        read = decodeBody();
      } catch (IOException | AssertionError e) {
        closed = true;
        request.end().completeExceptionally(e);
        throw e;
      }
      body = read;
      request.end().complete(read);
    }
    return read;
  }

  private Received.Body decodeBody() throws IOException {
    List<String> codings = request.all("Transfer-Encoding");
    List<String> lengths = request.all("Content-Length");
    if (codings.size() + lengths.size() > 1) {
      throw fault("ambiguous framing");
    }
    if (!codings.isEmpty()) {
      if (!codings.get(0).equals("chunked")) {
        throw fault("unknown transfer coding");
      }
      return decodeChunks();
    }
    if (lengths.isEmpty()) {
      return new Received.Body("", false, List.of());
    }
    if (!lengths.get(0).matches("[0-9]{1,18}")) {
      throw fault("bad length");
    }
    long length = Long.parseLong(lengths.get(0));
    String text = in.readExactly(length);
    if (text.length() < length) {
      throw cut();
    }
    return new Received.Body(text, false, List.of());
  }

  private Received.Body decodeChunks() throws IOException {
    try {
      StringBuilder text = new StringBuilder();
      String chunk = in.readChunk();
      while (chunk != null && !chunk.isEmpty()) {
        text.append(chunk);
        chunk = in.readChunk();
      }
      List<Field> trailers = chunk == null ? null : in.readTrailers();
      if (trailers == null) {
        throw cut();
      }
      return new Received.Body(text.toString(), true, trailers);
    } catch (AssertionError e) {
      faults.add(e.getMessage() + " in the body of " + request.method() + " " + request.path());
      throw e;
    }
  }

  /**
   * Reads some of the body as it stands on the wire, framing included; -1 at the end of the
   * connection.
   */
  public int readRaw(byte[] target) throws IOException {
    return in.read(target);
  }

  /** Marks the body as read by {@link #readRaw}. */
  public void bodyDone() {
    body = new Received.Body("", false, List.of());
    request.end().complete(body);
  }

  /** Sends exactly these bytes. */
  public void send(String latin1) throws IOException {
    send(Wire.bytes(latin1), 0, latin1.length());
  }

  /** Sends exactly these bytes. */
  public void send(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    out.flush();
  }

  /** Sends bytes one by one. */
  public void trickle(String latin1) throws IOException {
    for (int i = 0; i < latin1.length(); i++) {
      send(latin1.substring(i, i + 1));
      Wire.pace();
    }
  }

  /** Pauses as a slow target does: for stories about slowness, whose verdict is not timed. */
  public void rest(int millis) {
    Wire.rest(millis);
  }

  /** Ends the connection cleanly. */
  public void close() throws IOException {
    closed = true;
    socket.shutdownOutput();
  }

  /** Resets the connection. */
  public void reset() throws IOException {
    closed = true;
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Waits until the proxy ends the connection, reading what comes before; tells how it ended. */
  public End awaitEnd() throws IOException {
    closed = true;
    String rest = in.readAll();
    if (!rest.isEmpty()) {
      faults.add(
          "unexpected behind " + request.method() + " " + request.path() + ": " + Wire.show(rest));
    }
    End end = in.end();
    if (end == null) {
      throw new SocketTimeoutException("the proxy keeps the connection");
    }
    return end;
  }

  /** So many raw bytes from the connection, as for an upgraded protocol; fewer at its end. */
  public String readExactly(int count) throws IOException {
    return in.readExactly(count);
  }

  boolean closed() {
    return closed;
  }

  private IOException cut() {
    return new IOException("the request was cut by " + in.end());
  }

  private AssertionError fault(String what) {
    faults.add(what + " in " + Wire.show(request.head()));
    return new AssertionError(what);
  }
}
