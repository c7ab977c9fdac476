package io.proxyetc.mail;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * TLS, or STARTTLS, before an SMTP server that speaks neither: the server's answer to EHLO gets
 * lines of its own, and after the handshake, or after any other command, bytes are passed on as
 * they are.
 */
final class TlsFront implements Closeable {
  /** Handshakes that were done. */
  final AtomicInteger secured = new AtomicInteger();

  private final ServerSocket listener;
  private final int server;
  private final SSLContext context;
  private final boolean startTls;
  private final List<Closeable> open = new CopyOnWriteArrayList<>();

  private TlsFront(int server, SSLContext context, boolean startTls) {
    this.server = server;
    this.context = context;
    this.startTls = startTls;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  static TlsFront tls(int server, SSLContext context) {
    return new TlsFront(server, context, false);
  }

  static TlsFront startTls(int server, SSLContext context) {
    return new TlsFront(server, context, true);
  }

  int port() {
    return listener.getLocalPort();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // the peer is gone, or the test is over
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      open.add(client);
      start(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    try (client;
        Socket behind = new Socket("127.0.0.1", server)) {
      open.add(behind);
      if (!startTls) {
        relay(secure(client), behind);
        return;
      }
      client.getOutputStream().write(reply(behind.getInputStream()));
      while (true) {
        String command = line(client.getInputStream());
        String verb = command.toUpperCase(Locale.ROOT).strip();
        if (verb.equals("STARTTLS")) {
          client.getOutputStream().write("220 go on\r\n".getBytes(StandardCharsets.US_ASCII));
          relay(secure(client), behind);
          return;
        }
        behind.getOutputStream().write(command.getBytes(StandardCharsets.ISO_8859_1));
        if (!verb.startsWith("EHLO")) {
          relay(client, behind);
          return;
        }
        client
            .getOutputStream()
            .write("250-front\r\n250-STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().write(reply(behind.getInputStream()));
      }
    }
  }

  private Socket secure(Socket client) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(client, null, client.getPort(), true);
    socket.setUseClientMode(false);
    socket.startHandshake();
    secured.incrementAndGet();
    return socket;
  }

  private static void relay(Socket client, Socket behind) throws IOException {
    start(
        () -> {
          behind.getInputStream().transferTo(client.getOutputStream());
          client.close();
        });
    client.getInputStream().transferTo(behind.getOutputStream());
  }

  /** All lines of a reply. */
  private static byte[] reply(InputStream in) throws IOException {
    StringBuilder reply = new StringBuilder();
    String line;
    do {
      line = line(in);
      reply.append(line);
    } while (line.charAt(3) == '-');
    return reply.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() == 0 || line.charAt(line.length() - 1) != '\n') {
      int b = in.read();
      if (b < 0) {
        throw new IOException("end");
      }
      line.append((char) b);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Closeable each : open) {
      each.close();
    }
  }
}
