package io.proxyetc.http2;

import io.proxyetc.testkit.Field;
import io.proxyetc.testkit.Wire;
import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 client that sends exactly the frames it is told to. Header blocks are written as plain
 * literals, and read by Undertow's decoder. Every read is bounded. For one thread.
 */
final class RawHttp2 implements AutoCloseable {
  private final SSLSocket socket;
  private final OutputStream out;
  private final DataInputStream in;
  private final HpackDecoder hpack = new HpackDecoder();
  private boolean widens = true; // gives windows back for what was read

  private RawHttp2(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.out = socket.getOutputStream();
    this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
  }

  /** Connects without a word. */
  static RawHttp2 silent(int port, SSLContext context, int receiveBuffer) {
    try {
      Socket plain = new Socket();
      if (receiveBuffer > 0) {
        plain.setReceiveBufferSize(receiveBuffer);
      }
      plain.connect(new InetSocketAddress("127.0.0.1", port));
      SSLSocket secure =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      secure.setSSLParameters(parameters);
      secure.setSoTimeout((int) Wire.PATIENCE.toMillis());
      secure.setTcpNoDelay(true);
      secure.startHandshake();
      if (!secure.getApplicationProtocol().equals("h2")) {
        throw new AssertionError("negotiated '" + secure.getApplicationProtocol() + "'");
      }
      return new RawHttp2(secure);
    } catch (IOException e) {
      throw new UncheckedIOException("no connection to port " + port, e);
    }
  }

  /** Connects and greets; settings are pairs of number and value. */
  static RawHttp2 connect(int port, SSLContext context, int... settings) {
    return silent(port, context, 0).greet(settings);
  }

  RawHttp2 greet(int... settings) {
    send(Wire.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    return settings(settings);
  }

  /** Does not give windows back by itself. */
  RawHttp2 holdingWindows() {
    widens = false;
    return this;
  }

  // ---- sending ----

  RawHttp2 send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy closed while the client was sending", e);
    }
  }

  /** The same, but gives false where the proxy has closed. */
  boolean trySend(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
    return send(new Frame(type, flags, stream, payload).bytes());
  }

  RawHttp2 settings(int... settings) {
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    return frame(Frame.SETTINGS, 0, 0, payload.array());
  }

  /** A request's head of fields, given as name and value in turn. */
  RawHttp2 headers(int stream, boolean end, String... fields) {
    int flags = Frame.END_HEADERS | (end ? Frame.END_STREAM : 0);
    return frame(Frame.HEADERS, flags, stream, block(fields));
  }

  /** A GET without further fields. */
  RawHttp2 get(int stream, String path) {
    return headers(stream, true, request("GET", path));
  }

  /** The pseudo-headers of a request, and further fields. */
  static String[] request(String method, String path, String... more) {
    List<String> all = new ArrayList<>(List.of(":method", method, ":path", path));
    all.addAll(List.of(":scheme", "https", ":authority", "app.test"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  RawHttp2 data(int stream, String latin1, boolean end) {
    return frame(Frame.DATA, end ? Frame.END_STREAM : 0, stream, Wire.bytes(latin1));
  }

  RawHttp2 reset(int stream, int code) {
    return frame(Frame.RST_STREAM, 0, stream, int32(code));
  }

  RawHttp2 widen(int stream, int bytes) {
    return frame(Frame.WINDOW_UPDATE, 0, stream, int32(bytes));
  }

  static byte[] int32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** A header block of literals. */
  static byte[] block(String... fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      block.write(0);
      literal(block, fields[i]);
      literal(block, fields[i + 1]);
    }
    return block.toByteArray();
  }

  private static void literal(ByteArrayOutputStream to, String latin1) {
    int length = latin1.length();
    if (length < 127) {
      to.write(length);
    } else {
      to.write(127);
      int rest = length - 127;
      for (; rest >= 128; rest >>= 7) {
        to.write(rest & 127 | 128);
      }
      to.write(rest);
    }
    to.writeBytes(Wire.bytes(latin1));
  }

  // ---- reading ----

  /** The next frame; null where the proxy has closed. */
  @Nullable Frame read() {
    try {
      int first = in.read();
      if (first < 0) {
        return null;
      }
      int length = first << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      byte[] payload = new byte[length];
      in.readFully(payload);
      Frame frame = new Frame(type, flags, stream, payload);
      if (type == Frame.DATA && widens && length > 0) {
        trySend(new Frame(Frame.WINDOW_UPDATE, 0, 0, int32(length)).bytes());
        trySend(new Frame(Frame.WINDOW_UPDATE, 0, stream, int32(length)).bytes());
      }
      return frame;
    } catch (EOFException | SocketException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads on to the first frame that fits; fails at the connection's end. */
  Frame await(String what, Predicate<Frame> wanted) {
    List<String> seen = new ArrayList<>();
    for (Frame frame = read(); frame != null; frame = read()) {
      if (wanted.test(frame)) {
        return frame;
      }
      seen.add(frame.type() + "/" + frame.stream());
    }
    throw new AssertionError("closed before " + what + " came; frames: " + seen);
  }

  /** The code of the GOAWAY that must come, and nothing behind it. */
  int awaitGoAway() {
    Frame frame = await("GOAWAY", f -> f.type() == Frame.GOAWAY);
    if (read() != null) {
      throw new AssertionError("the connection goes on behind GOAWAY");
    }
    return frame.int32(4);
  }

  /** Waits for the announcement of the end, which it does not answer, the end, and the close. */
  void awaitGoAwayTwice() {
    await("the announcement", f -> f.type() == Frame.GOAWAY);
    if (awaitGoAway() != 0) {
      throw new AssertionError("the end is no error");
    }
  }

  /** Reads until a stream ends, skipping others' frames. */
  Answer answer(int stream) {
    List<Integer> interim = new ArrayList<>();
    int status = 0;
    List<Field> fields = List.of();
    List<Field> trailers = List.of();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int reset = -1;
    for (boolean ended = false; !ended; ) {
      Frame frame = await("the end of stream " + stream, f -> !skip(f, stream));
      ended = frame.has(Frame.END_STREAM) || frame.type() == Frame.RST_STREAM;
      if (frame.type() == Frame.RST_STREAM) {
        reset = frame.int32(0);
      } else if (frame.type() == Frame.DATA) {
        body.writeBytes(frame.payload());
      } else {
        List<Field> decoded = decode(frame);
        if (status != 0) {
          trailers = decoded;
        } else if (status(decoded) < 200) {
          interim.add(status(decoded));
        } else {
          status = status(decoded);
          fields = decoded;
        }
      }
    }
    return new Answer(interim, status, fields, Wire.text(body.toByteArray()), trailers, reset);
  }

  private boolean skip(Frame frame, int stream) {
    boolean ours =
        frame.is(Frame.HEADERS, stream)
            || frame.is(Frame.DATA, stream)
            || frame.is(Frame.RST_STREAM, stream);
    if (!ours && frame.type() == Frame.HEADERS) {
      decode(frame); // the table must follow
    }
    return !ours;
  }

  /** The fields of HEADERS, and of the CONTINUATION behind it. */
  List<Field> decode(Frame head) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(head.payload());
    for (Frame part = head; !part.has(Frame.END_HEADERS); block.writeBytes(part.payload())) {
      part = await("CONTINUATION", f -> true);
      if (!part.is(Frame.CONTINUATION, head.stream())) {
        throw new AssertionError("not a continuation: " + part);
      }
    }
    List<Field> fields = new ArrayList<>();
    hpack.setHeaderEmitter((name, value, never) -> fields.add(field(name.toString(), value)));
    try {
      hpack.decode(ByteBuffer.wrap(block.toByteArray()), false);
    } catch (HpackException e) {
      throw new AssertionError("the header block cannot be read", e);
    }
    return fields;
  }

  private static Field field(String name, String value) {
    if (!name.equals(name.toLowerCase(java.util.Locale.ROOT))) {
      throw new AssertionError("an upper-case name: " + name);
    }
    return new Field(name, value);
  }

  private static int status(List<Field> fields) {
    return Integer.parseInt(Field.values(fields, ":status").get(0));
  }

  /** Cuts the connection. */
  void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cut();
  }
}
