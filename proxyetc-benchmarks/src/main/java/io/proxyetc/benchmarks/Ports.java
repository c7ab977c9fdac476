package io.proxyetc.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** TCP ports on the loopback address. */
final class Ports {

  static final String LOOPBACK = "127.0.0.1";

  private static final int CONNECT_MILLIS = 200;
  private static final long BETWEEN_TRIES_NANOS = 20_000_000;

  private Ports() {}

  static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** A port that nobody listens on at the moment. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchmarkException("no free port on " + LOOPBACK + ": " + e.getMessage(), e);
    }
  }

  /** Waits until the process accepts connections; fails when it ends or takes too long. */
  static void awaitOpen(String name, Process process, int port, Duration bound, Processes all) {
    long end = System.nanoTime() + bound.toNanos();
    while (!open(port)) {
      if (!process.isAlive()) {
        throw new BenchmarkException(name + ": ended at start:\n" + all.output(name).strip());
      }
      if (System.nanoTime() - end > 0) {
        throw new BenchmarkException(
            name
                + ": not listening on port "
                + port
                + " after "
                + bound.toSeconds()
                + " s:\n"
                + all.output(name).strip());
      }
      LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
    }
  }

  private static boolean open(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(address(port), CONNECT_MILLIS);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }
}
