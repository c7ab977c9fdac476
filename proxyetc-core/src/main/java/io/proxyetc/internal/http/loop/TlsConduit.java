package io.proxyetc.internal.http.loop;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.WriteReadyHandler;

/**
 * TLS as a pair of conduits over those of a plain connection.
 *
 * <pre>{@code
 * HANDSHAKE --done--> OPEN --terminateWrites, flush--> (write side closed)
 *     |                 |
 *     +-- fault --------+--> closed
 * }</pre>
 *
 * During the handshake this class alone arms the socket; what the owner asks for is remembered.
 * Afterwards the owner's resume and suspend go straight to the socket. Two things are added: the
 * read listener is called again while decrypted bytes wait that no socket would announce, and the
 * socket's writes stay armed while encrypted bytes wait that the owner believes written.
 *
 * <p>All of it runs on the connection's IO thread, but for the engine's tasks.
 */
final class TlsConduit extends ConduitPair {
  private static final Logger log = LoggerFactory.getLogger(TlsConduit.class);

  private static final int ROUNDS = 16;

  private final TlsConnection connection;
  private final SSLEngine engine;
  private final TlsRecords records;
  private final Executor tasks;
  private final TlsReady ready;

  private final ByteBuffer[] single = new ByteBuffer[1];

  private boolean handshaking = true;
  private boolean tasksRun;
  private boolean readsWanted;
  private boolean writesWanted;
  private boolean readIsDue;
  private int rounds; // of reading again since the socket was looked at
  private boolean readShutdown;
  private boolean writeShutdown;
  private volatile boolean closed;
  private @Nullable ReadReadyHandler reader;
  private @Nullable WriteReadyHandler writer;

  TlsConduit(
      TlsConnection connection,
      StreamConnection plain,
      SSLEngine engine,
      TlsBuffers buffers,
      Executor tasks,
      TlsReady ready) {
    super(plain);
    this.connection = connection;
    this.engine = engine;
    records = new TlsRecords(engine, source, sink, buffers.of(plain.getIoThread()));
    this.tasks = tasks;
    this.ready = ready;
    source.setReadReadyHandler(new SocketReadable());
    sink.setWriteReadyHandler(new SocketWritable());
  }

  // The handshake

  /** Goes on with the handshake until it has to wait for something. */
  void advance() {
    if (!handshaking || tasksRun || closed) {
      return;
    }
    try {
      switch (records.handshake()) {
        case TASKS:
          runTasks();
          break;
        case READ:
          records.count();
          sink.suspendWrites();
          source.resumeReads();
          break;
        case WRITE:
          source.suspendReads();
          sink.resumeWrites();
          break;
        case DONE:
          open();
          break;
        case ENDED:
          throw new EOFException("TLS: the peer closed the connection during the handshake");
      }
    } catch (IOException | RuntimeException e) {
      if (handshaking) {
        handshaking = false;
        fault(e);
        ready.failed(connection, e instanceof IOException io ? io : new IOException(e));
      }
    }
  }

  /** Key exchange and signatures take milliseconds: not on a thread that others wait for. */
  private void runTasks() {
    tasksRun = true;
    tasks.execute(
        () -> {
          try {
            Runnable task = engine.getDelegatedTask();
            while (task != null) {
              task.run();
              task = engine.getDelegatedTask();
            }
          } finally {
            onIoThread(this::tasksDone);
          }
        });
  }

  private void tasksDone() {
    tasksRun = false;
    advance();
  }

  private void open() {
    handshaking = false;
    String protocol = engine.getApplicationProtocol();
    try {
      ready.ready(connection, protocol == null || protocol.isEmpty() ? "http/1.1" : protocol);
    } catch (RuntimeException e) {
      log.error("a connection could not be taken over after its TLS handshake", e);
      IoUtils.safeClose(connection);
    }
    if (closed) {
      return;
    }
    // Only now, since the owner has most likely asked for reads: then nothing changes.
    if (readsWanted) {
      resumeReads();
    } else {
      source.suspendReads();
    }
    if (writesWanted) {
      sink.resumeWrites();
    } else if (!records.hasUnsent()) {
      sink.suspendWrites();
    }
  }

  private void fault(Exception why) {
    if (!closed && !(why instanceof ClosedChannelException)) {
      records.sendAlert();
    }
    IoUtils.safeClose(connection);
  }

  private void onIoThread(Runnable command) {
    onIoThread(command, 0);
  }

  private void onIoThread(Runnable command, int afterMillis) {
    try {
      connection.getIoThread().executeAfter(command, afterMillis, TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      IoUtils.safeClose(connection); // the thread ends
    }
  }

  // Reading

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (readShutdown || closed) {
      return -1;
    }
    if (handshaking) {
      return 0;
    }
    try {
      int read = records.read(dst);
      records.count();
      if (read < 0) {
        terminateReads();
      }
      return read;
    } catch (IOException | RuntimeException e) {
      fault(e);
      throw e;
    }
  }

  @Override
  boolean holdsMore() {
    return records.holdsMore();
  }

  /** Whether the peer said that no more would come, rather than just vanishing. */
  boolean endedCleanly() {
    return records.endedCleanly();
  }

  @Override
  public void resumeReads() {
    readsWanted = true;
    if (!handshaking && !closed) {
      source.resumeReads();
      if (records.holdsMore()) {
        readSoon();
      }
    }
  }

  @Override
  public void suspendReads() {
    readsWanted = false;
    if (!handshaking) {
      source.suspendReads();
    }
  }

  @Override
  public void wakeupReads() {
    resumeReads();
    readSoon();
  }

  /**
   * XNIO runs tasks until there is none before it looks at its sockets again. After some rounds the
   * next one waits a moment, so that a peer who sends fast, or a reader who leaves what is there,
   * keeps nobody else from their turn.
   */
  private void readSoon() {
    if (readIsDue) {
      return;
    }
    readIsDue = true;
    boolean wait = ++rounds == ROUNDS;
    rounds = wait ? 0 : rounds;
    onIoThread(this::readAgain, wait ? 1 : 0);
  }

  private void readAgain() {
    readIsDue = false;
    if (readsWanted && !handshaking && !closed) {
      callReader();
    }
  }

  private void callReader() {
    ReadReadyHandler handler = reader;
    if (handler != null) {
      handler.readReady();
    }
    if (readsWanted && !closed && records.holdsMore()) {
      readSoon();
    }
  }

  @Override
  public boolean isReadResumed() {
    return readsWanted;
  }

  @Override
  public void terminateReads() throws IOException {
    if (!readShutdown) {
      readShutdown = true;
      if (!closed) {
        source.suspendReads();
      }
      connection.readsEnded();
    }
  }

  @Override
  public boolean isReadShutdown() {
    return readShutdown || closed;
  }

  @Override
  public void setReadReadyHandler(ReadReadyHandler handler) {
    reader = handler;
  }

  // Writing

  @Override
  public int write(ByteBuffer src) throws IOException {
    single[0] = src;
    return (int) write(single, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    if (writeShutdown || closed) {
      throw new ClosedChannelException();
    }
    if (handshaking) {
      return 0;
    }
    try {
      long written = records.write(srcs, offset, length);
      records.count();
      if (records.hasUnsent()) {
        sink.resumeWrites();
      }
      return written;
    } catch (IOException | RuntimeException e) {
      fault(e);
      throw e;
    }
  }

  private boolean flushRecords() throws IOException {
    boolean done = records.flush();
    records.count();
    return done;
  }

  @Override
  public boolean flush() throws IOException {
    if (handshaking || closed) {
      return closed;
    }
    if (!flushRecords()) {
      sink.resumeWrites();
      return false;
    }
    if (writeShutdown) {
      records.closeOutbound();
      if (!flushRecords()) {
        sink.resumeWrites();
        return false;
      }
      if (!sink.isWriteShutdown()) {
        sink.terminateWrites();
      }
      connection.writesEnded();
    }
    return closed || sink.flush();
  }

  @Override
  public void resumeWrites() {
    writesWanted = true;
    if (!handshaking && !closed) {
      sink.resumeWrites();
    }
  }

  @Override
  public void suspendWrites() {
    writesWanted = false;
    if (!handshaking && !closed && !records.hasUnsent()) {
      sink.suspendWrites();
    }
  }

  @Override
  public void wakeupWrites() {
    resumeWrites();
    onIoThread(this::socketWritable);
  }

  @Override
  public boolean isWriteResumed() {
    return writesWanted;
  }

  private void socketWritable() {
    if (handshaking || closed) {
      advance();
      return;
    }
    try {
      if (!flushRecords()) {
        return;
      }
    } catch (IOException e) {
      IoUtils.safeClose(connection);
      return;
    }
    WriteReadyHandler handler = writer;
    if (writesWanted && handler != null) {
      handler.writeReady();
    } else {
      sink.suspendWrites();
    }
  }

  @Override
  public void terminateWrites() throws IOException {
    writeShutdown = true;
  }

  @Override
  public void truncateWrites() throws IOException {
    writeShutdown = true;
    sink.truncateWrites();
    connection.writesEnded();
  }

  @Override
  public boolean isWriteShutdown() {
    return writeShutdown || closed;
  }

  @Override
  public void setWriteReadyHandler(WriteReadyHandler handler) {
    writer = handler;
  }

  // The end

  /**
   * Called once, when both sides are closed.
   *
   * @param sayGoodbye whether the peer is told that this is the end of what was meant to be sent
   */
  void close(boolean sayGoodbye) {
    boolean open = !handshaking;
    closed = true;
    handshaking = false;
    boolean ours = Thread.currentThread() == connection.getIoThread();
    if (open && ours && sayGoodbye && !records.hasUnsent() && !records.outboundClosed()) {
      try {
        records.closeOutbound();
      } catch (IOException | RuntimeException e) {
        // The peer has gone already.
      }
    }
    if (ours) {
      records.free();
    } else {
      onIoThread(records::free);
    }
  }

  void readTerminated() {
    ReadReadyHandler handler = reader;
    if (handler != null) {
      handler.terminated();
    }
  }

  void writeTerminated() {
    WriteReadyHandler handler = writer;
    if (handler != null) {
      handler.terminated();
    }
  }

  /** What the socket tells. */
  private final class SocketReadable implements ReadReadyHandler {
    @Override
    public void readReady() {
      if (handshaking) {
        if (tasksRun) {
          source.suspendReads();
        } else {
          advance();
        }
      } else if (readsWanted && !closed) {
        rounds = 0;
        callReader();
      } else {
        source.suspendReads();
      }
    }

    @Override
    public void forceTermination() {
      IoUtils.safeClose(connection);
    }

    @Override
    public void terminated() {}
  }

  private final class SocketWritable implements WriteReadyHandler {
    @Override
    public void writeReady() {
      socketWritable();
    }

    @Override
    public void forceTermination() {
      IoUtils.safeClose(connection);
    }

    @Override
    public void terminated() {}
  }
}
