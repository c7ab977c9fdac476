package io.proxyetc.internal.http.probe;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS over a socket. On the prober's thread, but for the engine's tasks: key exchange and
 * signatures take milliseconds.
 */
final class TlsLink implements Link {
  /** {@link #handshake}: it is done. */
  static final int DONE = -1;

  /** {@link #handshake}: the engine's tasks run, and nothing is to be done until they are over. */
  static final int TASKS = 0;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final Executor tasks;
  private final Runnable tasksDone;
  private final ByteBuffer
      received; // from the socket, not decrypted yet; between the calls flipped
  private ByteBuffer sending; // encrypted, for the socket; between the calls flipped
  private boolean drained;
  private boolean tasksRun;
  private volatile boolean closed;

  /**
   * @param tasks runs those of the engine
   * @param tasksDone is called on a thread of theirs
   */
  TlsLink(SocketChannel channel, SSLEngine engine, Executor tasks, Runnable tasksDone) {
    this.channel = channel;
    this.engine = engine;
    this.tasks = tasks;
    this.tasksDone = tasksDone;
    int record = engine.getSession().getPacketBufferSize();
    this.received = ByteBuffer.allocate(record).flip();
    this.sending = ByteBuffer.allocate(record).flip();
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  void begin() throws IOException {
    engine.beginHandshake();
  }

  /**
   * Goes on until it has to wait.
   *
   * @param scratch for what is decrypted, which is nothing yet
   * @return for what of the socket (a {@link SelectionKey}'s), {@link #TASKS} or {@link #DONE}
   */
  int handshake(ByteBuffer scratch) throws IOException {
    if (tasksRun) {
      return TASKS;
    }
    while (flush()) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK:
          runTasks();
          return TASKS;
        case NEED_WRAP:
          wrap(NOTHING);
          break;
        case NEED_UNWRAP:
        case NEED_UNWRAP_AGAIN:
          if (!unwrapOne(scratch.clear())) {
            return SelectionKey.OP_READ;
          }
          break;
        default:
          return DONE;
      }
    }
    return SelectionKey.OP_WRITE;
  }

  /** Takes one record of the handshake; false where more bytes have to come. */
  private boolean unwrapOne(ByteBuffer scratch) throws IOException {
    for (; ; ) {
      SSLEngineResult result = engine.unwrap(received, scratch);
      if (result.getStatus() == Status.CLOSED) {
        throw new EOFException();
      }
      if (result.getStatus() != Status.BUFFER_UNDERFLOW) {
        return true;
      }
      int n = fill();
      if (n <= 0) {
        if (n < 0) {
          throw new EOFException();
        }
        return false;
      }
    }
  }

  private void runTasks() {
    tasksRun = true;
    tasks.execute(
        () -> {
          try {
            while (!closed) { // else it would keep those waiting that are not
              Runnable task = engine.getDelegatedTask();
              if (task == null) {
                break;
              }
              task.run();
            }
          } finally {
            tasksDone.run();
          }
        });
  }

  void tasksDone() {
    tasksRun = false;
  }

  /** Such as {@code TLSv1.3}. */
  String protocol() {
    return engine.getSession().getProtocol();
  }

  @Override
  public void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      wrap(bytes);
    }
    flush();
  }

  /** Encrypts one record, behind those that wait. */
  private void wrap(ByteBuffer bytes) throws IOException {
    int room = engine.getSession().getPacketBufferSize();
    sending.compact();
    if (sending.remaining() < room) {
      sending = ByteBuffer.allocate(sending.position() + room).put(sending.flip());
    }
    SSLEngineResult result = engine.wrap(bytes, sending);
    sending.flip();
    if (bytes.hasRemaining() && result.bytesConsumed() == 0) {
      throw new SSLException("the target does not let the request through");
    }
  }

  @Override
  public boolean flush() throws IOException {
    if (sending.hasRemaining()) {
      channel.write(sending);
    }
    return !sending.hasRemaining();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    for (; ; ) {
      SSLEngineResult result = engine.unwrap(received, into);
      switch (result.getStatus()) {
        case OK -> afterHandshake(result.getHandshakeStatus());
        case CLOSED -> {
          return -1;
        }
        case BUFFER_OVERFLOW -> throw new SSLException("a record of more than 16 KiB");
        case BUFFER_UNDERFLOW -> {
          int n = fill();
          if (n <= 0) {
            drained = true;
            return n;
          }
        }
      }
      if (result.bytesProduced() > 0) {
        drained = false;
        return result.bytesProduced();
      }
    }
  }

  /** Key updates are answered; a second handshake is none of a probe's business. */
  private void afterHandshake(HandshakeStatus status) throws IOException {
    if (status == HandshakeStatus.NEED_WRAP) {
      wrap(NOTHING);
      flush();
    } else if (status == HandshakeStatus.NEED_TASK) {
      throw new SSLException("the target asks for a second handshake");
    }
  }

  private int fill() throws IOException {
    received.compact();
    try {
      return channel.read(received);
    } finally {
      received.flip();
    }
  }

  @Override
  public boolean drained() {
    return drained;
  }

  /** Says why first (an alert), where that can be sent at once: it keeps the target's log clean. */
  @Override
  public void close() {
    closed = true;
    if (!tasksRun) {
      try {
        engine.closeOutbound();
        wrap(NOTHING);
        flush();
      } catch (IOException e) {
        // It is gone already.
      }
    }
    SocketProber.close(channel);
  }
}
