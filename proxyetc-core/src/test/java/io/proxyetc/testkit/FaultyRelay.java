package io.proxyetc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP relay between two real peers that does harm at an exact byte: cuts, stalls or trickles, in
 * either direction. Safe for any thread.
 */
public final class FaultyRelay implements AutoCloseable {
  /** What happens once so many bytes of a direction have passed. */
  public enum Kind {
    /** Nothing. */
    NONE,
    /** A clean end. */
    FIN,
    /** A reset. */
    RST,
    /** No further byte is read. */
    STALL,
    /** Each further byte goes alone. */
    TRICKLE
  }

  /**
   * A fault of one direction of one connection.
   *
   * @param kind what happens
   * @param at after so many bytes
   */
  public record Fault(Kind kind, long at) {
    /** Bytes pass as they come. */
    public static final Fault NONE = new Fault(Kind.NONE, Long.MAX_VALUE);

    /** Both directions end cleanly once so many bytes have passed. */
    public static Fault fin(long at) {
      return new Fault(Kind.FIN, at);
    }

    /** Both directions are reset once so many bytes have passed. */
    public static Fault reset(long at) {
      return new Fault(Kind.RST, at);
    }

    /** Nothing more is read once so many bytes have passed, until {@link FaultyRelay#release}. */
    public static Fault stall(long at) {
      return new Fault(Kind.STALL, at);
    }

    /** From so many bytes on, each byte goes alone. */
    public static Fault trickle(long at) {
      return new Fault(Kind.TRICKLE, at);
    }
  }

  private final ServerSocket server;
  private final int to;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile Fault forth = Fault.NONE;
  private volatile Fault back = Fault.NONE;

  private FaultyRelay(int to) throws IOException {
    this.to = to;
    server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 128);
  }

  /** Starts a relay to a port on 127.0.0.1, without any fault yet. */
  public static FaultyRelay to(int port) {
    try {
      FaultyRelay relay = new FaultyRelay(port);
      relay.daemon(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a relay", e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getLocalPort();
  }

  /** Its address as a target's URL. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The fault of further connections, towards the peer behind the relay. */
  public FaultyRelay forth(Fault fault) {
    forth = fault;
    return this;
  }

  /** The fault of further connections, from the peer behind the relay. */
  public FaultyRelay back(Fault fault) {
    back = fault;
    return this;
  }

  /** How many connections came so far. */
  public int accepted() {
    return accepted.get();
  }

  /** Ends every stall. */
  public void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close", e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        accepted.incrementAndGet();
        sockets.add(near);
        Socket far = new Socket();
        sockets.add(far);
        far.connect(new InetSocketAddress("127.0.0.1", to));
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        Fault forthNow = forth;
        Fault backNow = back;
        daemon(() -> pump(near, far, forthNow));
        daemon(() -> pump(far, near, backNow));
      } catch (IOException e) {
        // Closed, or the peer behind is away: then the one in front sees a reset.
        closeLast();
      }
    }
  }

  private void closeLast() {
    if (server.isClosed() || sockets.size() < 2) {
      return;
    }
    reset(sockets.get(sockets.size() - 2));
  }

  private void pump(Socket from, Socket into, Fault fault) {
    byte[] buffer = new byte[16 * 1024];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      while (true) {
        boolean before = passed < fault.at();
        if (!before && !strike(fault, from, into)) {
          return;
        }
        boolean one = !before && fault.kind() == Kind.TRICKLE;
        long most = one ? 1 : before ? fault.at() - passed : buffer.length;
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, most));
        if (n < 0) {
          into.shutdownOutput();
          return;
        }
        out.write(buffer, 0, n);
        passed += n;
        if (one) {
          Wire.pace();
        }
      }
    } catch (IOException e) {
      reset(from);
      reset(into);
    }
  }

  /** Does the harm; gives false where the connection is over. */
  private boolean strike(Fault fault, Socket from, Socket into) throws IOException {
    switch (fault.kind()) {
      case FIN -> {
        into.shutdownOutput();
        from.shutdownOutput();
        return false;
      }
      case RST -> {
        reset(from);
        reset(into);
        return false;
      }
      case STALL -> {
        try {
          released.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
        return true;
      }
      default -> {
        return true;
      }
    }
  }

  private static void reset(Socket socket) {
    try {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    } catch (IOException e) {
      // It is gone already, which is what was wanted.
    }
  }

  private void daemon(Runnable work) {
    Thread thread = new Thread(work, "testkit-relay-" + port());
    thread.setDaemon(true);
    thread.start();
  }
}
