package io.proxyetc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1 server that records byte-exactly what it receives and answers with what scripts send.
 * It takes nothing but strict framing: whatever else comes is kept in {@link #faults}. Safe for any
 * thread.
 */
public final class RecordingTarget implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  private final String address;
  private final int receiveBuffer;
  private final Deque<Script> scripts = new ArrayDeque<>();
  private final List<TargetConnection> connections = new CopyOnWriteArrayList<>();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Received> arrivals = new LinkedBlockingQueue<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private volatile Script always;
  private volatile ServerSocket server;
  private volatile @Nullable Thread accepting;
  private volatile boolean closed;
  private volatile long bytesForgotten;

  private RecordingTarget(String address, int port, Script always, int receiveBuffer) {
    this.address = address;
    this.always = always;
    this.receiveBuffer = receiveBuffer;
    this.server = listen(port);
  }

  /** Starts one that answers 200 with the request's method and path. */
  public static RecordingTarget start() {
    return start(Script.echoLine());
  }

  /** Starts one that does the same with every request. */
  public static RecordingTarget start(Script always) {
    return new RecordingTarget(LOOPBACK, 0, always, 0);
  }

  /** Starts one on a port of another address of this machine. */
  public static RecordingTarget startAt(String address, int port, Script always) {
    return new RecordingTarget(address, port, always, 0);
  }

  /** Starts one whose connections take few bytes unless they are read. */
  public static RecordingTarget startNarrow(Script always, int receiveBuffer) {
    return new RecordingTarget(LOOPBACK, 0, always, receiveBuffer);
  }

  /** The port it listens on. */
  public int port() {
    return server.getLocalPort();
  }

  /** Its address as a target's URL. */
  public String url() {
    return "http://" + address + ":" + port();
  }

  /** What happens to requests for which no other script waits. */
  public RecordingTarget always(Script script) {
    always = script;
    return this;
  }

  /** What happens to the next requests, one script each. */
  public RecordingTarget next(Script... some) {
    synchronized (scripts) {
      scripts.addAll(List.of(some));
    }
    return this;
  }

  /** Waits for the next request's head. */
  public Received awaitRequest() {
    try {
      Received request = arrivals.poll(Wire.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (request == null) {
        throw new AssertionError("the target received no further request; bytes: " + show());
      }
      return request;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a request", e);
    }
  }

  /** Every request whose head came, in order. */
  public List<Received> requests() {
    return List.copyOf(requests);
  }

  /** The method and path of every request whose head came, in order. */
  public List<String> lines() {
    return requests.stream().map(r -> r.method() + " " + r.path()).toList();
  }

  /** Everything a strict server would have refused. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** Every connection so far, in order. */
  public List<TargetConnection> connections() {
    return List.copyOf(connections);
  }

  /** How many connections have not been ended by either side. */
  public long openConnections() {
    return connections.stream().filter(c -> !c.ended().isDone()).count();
  }

  /** How many bytes came so far, over all connections. */
  public long bytesReceived() {
    return connections.stream().mapToLong(TargetConnection::bytesReceived).sum();
  }

  /** Fails where a single byte has come. */
  public void assertNothingReceived() {
    if (bytesReceived() > 0) {
      throw new AssertionError("the target should not have received: " + show());
    }
  }

  /** Fails where a request came that should not have, or anything that is no strict HTTP/1. */
  public void assertReceived(String... methodAndPath) {
    if (!faults.isEmpty()) {
      throw new AssertionError("what the target received is faulty: " + faults + " in " + show());
    }
    if (!lines().equals(List.of(methodAndPath))) {
      throw new AssertionError(
          "the target should have received " + List.of(methodAndPath) + " but got " + show());
    }
  }

  /** How many bytes came since the last {@link #forget}, over all connections. */
  public long bytesSinceForget() {
    return bytesReceived() - bytesForgotten;
  }

  /** Fails where a single byte has come since the last {@link #forget}. */
  public void assertNothingSinceForgotten() {
    if (bytesSinceForget() > 0) {
      throw new AssertionError("the target should not have received more: " + show());
    }
  }

  /** Forgets the requests so far. */
  public void forget() {
    bytesForgotten = bytesReceived();
    requests.clear();
    arrivals.clear();
  }

  /** Stops listening: further connections are refused until {@link #listenAgain}. */
  public void stopListening() {
    try {
      int port = server.getLocalPort();
      server.close();
      // The kernel refuses connections only once the thread has let go of the socket.
      Thread thread = accepting;
      Await.until("port " + port + " is closed", () -> thread == null || !thread.isAlive());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot stop listening", e);
    }
  }

  /** Listens again on the same port. */
  public void listenAgain() {
    server = listen(server.getLocalPort());
  }

  /** Ends every open connection cleanly. */
  public void closeConnections() {
    connections.forEach(TargetConnection::close);
  }

  @Override
  public void close() {
    closed = true;
    stopListening();
    connections.forEach(TargetConnection::abort);
  }

  private ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 512);
      accepting = daemon("target-accept", () -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        TargetConnection connection = new TargetConnection(this, connections.size(), socket);
        connections.add(connection);
        if (closed) {
          connection.abort();
        }
        daemon("target-connection", connection::serve);
      } catch (IOException e) {
        return;
      }
    }
  }

  Script scriptFor(Received request) {
    requests.add(request);
    arrivals.add(request);
    synchronized (scripts) {
      @Nullable Script next = scripts.poll();
      return next == null ? always : next;
    }
  }

  Received parse(int connection, String head) {
    List<String> found = new ArrayList<>();
    if (!head.endsWith("\r\n\r\n") || head.replace("\r\n", "").matches("(?s).*[\r\n].*")) {
      found.add("line ends");
    }
    String[] lines = head.strip().split("\r?\n", -1);
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || !words[2].matches("HTTP/1\\.[01]")) {
      found.add("request line");
    }
    List<Field> fields = Field.parse(lines, 1, found);
    if (!found.isEmpty()) {
      faults.add(found + " in '" + Wire.show(head) + "'");
    }
    return new Received(
        connection,
        head,
        words[0],
        words.length > 1 ? words[1] : "",
        words.length > 2 ? words[2] : "",
        fields,
        new CompletableFuture<>());
  }

  List<String> faultList() {
    return faults;
  }

  private String show() {
    StringBuilder out = new StringBuilder();
    connections.forEach(c -> out.append("[").append(Wire.show(c.raw())).append("] "));
    return out.toString();
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, "testkit-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
