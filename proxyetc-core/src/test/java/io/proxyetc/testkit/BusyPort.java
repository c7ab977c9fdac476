package io.proxyetc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** A port with a full backlog: who connects waits. */
public final class BusyPort implements AutoCloseable {
  private static final int MOST = 64;

  private final ServerSocket server;
  private final List<Socket> waiting = new ArrayList<>();

  private BusyPort(ServerSocket server) {
    this.server = server;
  }

  public static BusyPort open() {
    try {
      ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
      BusyPort port = new BusyPort(server);
      port.fill();
      return port;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill() throws IOException {
    for (int i = 0; i < MOST; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()), 200);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
    throw new IOException("the backlog does not fill: " + MOST + " connections were made");
  }

  /** Its address as a target's URL. */
  public String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : waiting) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
