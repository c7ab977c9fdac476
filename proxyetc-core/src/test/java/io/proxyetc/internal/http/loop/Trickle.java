package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes one connection on, byte by byte. */
final class Trickle implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;

  private Trickle(int target) throws IOException {
    this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    this.target = target;
  }

  static Trickle to(int port) throws IOException {
    Trickle trickle = new Trickle(port);
    daemon(trickle::run);
    return trickle;
  }

  int port() {
    return listener.getLocalPort();
  }

  private void run() {
    try {
      Socket client = listener.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
      daemon(() -> pass(client, server));
      pass(server, client);
    } catch (IOException e) {
      // closed
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        out.write(b);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // closed
    }
  }

  private static void daemon(Runnable runnable) {
    Thread thread = new Thread(runnable, "trickle");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
