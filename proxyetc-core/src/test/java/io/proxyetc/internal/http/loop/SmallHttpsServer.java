package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLEngine;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * Just enough of an HTTP/1.1 server over {@link TlsServerSide}: {@code GET /N} answers N bytes,
 * {@code POST} answers how many bytes came.
 */
final class SmallHttpsServer implements AutoCloseable {
  final ConcurrentLinkedQueue<String> protocols = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
  final AtomicInteger readCalls = new AtomicInteger();
  final BufferBudget budget = new BufferBudget(1 << 20);
  private final XnioWorker worker;
  private final AcceptingChannel<StreamConnection> listener;
  private final int bufferSize;

  SmallHttpsServer(Supplier<SSLEngine> engines) {
    this(engines, 16 * 1024);
  }

  SmallHttpsServer(Supplier<SSLEngine> engines, int bufferSize) {
    this.bufferSize = bufferSize;
    try {
      worker =
          Xnio.getInstance()
              .createWorker(
                  OptionMap.builder()
                      .set(Options.WORKER_IO_THREADS, 2)
                      .set(Options.WORKER_TASK_CORE_THREADS, 2)
                      .set(Options.WORKER_TASK_MAX_THREADS, 2)
                      .set(Options.THREAD_DAEMON, true)
                      .getMap());
      TlsServerSide side = new TlsServerSide(engines, new TlsBuffers(budget), worker);
      listener =
          worker.createStreamConnectionServer(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
              ChannelListeners.openListenerAdapter(
                  connection ->
                      connection
                          .getIoThread()
                          .execute(() -> side.accept(connection, new Opened()))),
              OptionMap.create(Options.TCP_NODELAY, true));
      listener.resumeAccepts();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalAddress(InetSocketAddress.class).getPort();
  }

  @Override
  public void close() {
    IoUtils.safeClose(listener);
    worker.shutdownNow();
  }

  private final class Opened implements TlsReady {
    @Override
    public void ready(StreamConnection connection, String protocol) {
      protocols.add(protocol);
      Talk talk = new Talk(connection);
      connection.getSourceChannel().setReadListener(talk::readable);
      connection.getSinkChannel().setWriteListener(talk::writable);
      connection.getSourceChannel().resumeReads();
      talk.readable(connection.getSourceChannel());
    }

    @Override
    public void failed(StreamConnection connection, IOException why) {
      failures.add(why);
    }
  }

  /** One connection's requests and answers. */
  private final class Talk {
    private static final Pattern GET = Pattern.compile("GET /(\\d+)");
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private final StreamConnection connection;
    private final ByteBuffer in = ByteBuffer.allocateDirect(bufferSize);
    private final StringBuilder head = new StringBuilder();
    private long bodyLeft = -1;
    private long bodySize;
    private ByteBuffer answer = ByteBuffer.allocate(0);

    Talk(StreamConnection connection) {
      this.connection = connection;
    }

    void readable(ConduitStreamSourceChannel source) {
      readCalls.incrementAndGet();
      try {
        int read = source.read(in.clear());
        if (read < 0) {
          connection.getSinkChannel().shutdownWrites();
          connection.getSinkChannel().flush();
          IoUtils.safeClose(connection);
          return;
        }
        in.flip();
        take();
      } catch (IOException e) {
        failures.add(e);
        IoUtils.safeClose(connection);
      }
    }

    private void take() throws IOException {
      while (in.hasRemaining()) {
        if (bodyLeft > 0) {
          int part = (int) Math.min(bodyLeft, in.remaining());
          in.position(in.position() + part);
          bodyLeft -= part;
        } else {
          head.append((char) (in.get() & 0xff));
          if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
            Matcher length = LENGTH.matcher(head);
            bodySize = length.find() ? Long.parseLong(length.group(1)) : 0;
            bodyLeft = bodySize;
          }
        }
        if (bodyLeft == 0) {
          bodyLeft = -1;
          answer();
        }
      }
    }

    private void answer() throws IOException {
      Matcher get = GET.matcher(head);
      byte[] body =
          get.find()
              ? new byte[Integer.parseInt(get.group(1))]
              : Long.toString(bodySize).getBytes(StandardCharsets.US_ASCII);
      byte[] start =
          ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      head.setLength(0);
      answer =
          ByteBuffer.allocateDirect(answer.remaining() + start.length + body.length)
              .put(answer)
              .put(start)
              .put(body)
              .flip();
      writable(connection.getSinkChannel());
    }

    private void writable(ConduitStreamSinkChannel sink) {
      try {
        while (answer.hasRemaining() && sink.write(answer) > 0) {}
        if (answer.hasRemaining()) {
          sink.resumeWrites();
        } else {
          sink.suspendWrites();
        }
      } catch (IOException e) {
        failures.add(e);
        IoUtils.safeClose(connection);
      }
    }
  }
}
