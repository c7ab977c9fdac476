package io.proxyetc.internal.http.probe;

import io.proxyetc.testkit.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/** Answers each connection's request with the same bytes, over TLS; or greets without it. */
final class TlsTarget implements AutoCloseable {
  private final ServerSocket server;
  private final String answer;
  private final boolean asked;

  TlsTarget(SSLContext context, String answer) {
    this(context.getServerSocketFactory(), answer, true);
  }

  private TlsTarget(ServerSocketFactory sockets, String answer, boolean asked) {
    try {
      server = sockets.createServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.answer = answer;
    this.asked = asked;
    daemon(this::accept);
  }

  /** One that sends these bytes as soon as somebody connects, without TLS. */
  static TlsTarget greeting(String bytes) {
    return new TlsTarget(ServerSocketFactory.getDefault(), bytes, false);
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "https://127.0.0.1:" + port();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      if (asked) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int c = in.read();
          if (c < 0) {
            return;
          }
          head.append((char) c);
        }
      }
      socket.getOutputStream().write(Wire.bytes(answer));
      socket.getOutputStream().flush();
      in.readAllBytes(); // the probe ends the connection
    } catch (IOException e) {
      // Probes end with a reset, and some refuse the handshake.
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "tls-target");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
