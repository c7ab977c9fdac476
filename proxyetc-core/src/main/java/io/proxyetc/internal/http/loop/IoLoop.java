package io.proxyetc.internal.http.loop;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/**
 * One IO thread and what belongs to it. All but {@link #execute} only on that thread.
 *
 * <p>There is one buffer to read into and one to write from, shared by all connections of the
 * thread: an idle connection owns none. Only bytes that a slow reader does not take at once stay
 * behind, and then the whole buffer is handed over to whoever waits and a fresh one takes its
 * place.
 */
public final class IoLoop {
  /** Size of the shared buffers, in bytes. */
  public static final int BUFFER = 128 * 1024;

  private static final int SPARE = 16;
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final XnioIoThread thread;
  private final TimerWheel wheel;
  private final BufferBudget budget;
  private final LoopCounters counters = new LoopCounters();
  private final GroupMeters meters;
  private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>(SPARE);
  private final byte[] scratch = new byte[BUFFER];
  private final SplittableRandom random;
  private ByteBuffer readBuffer = ByteBuffer.allocateDirect(BUFFER);
  private ByteBuffer writeBuffer = ByteBuffer.allocateDirect(BUFFER);
  private @Nullable Stager stager; // whose bytes stand in the write buffer
  private @Nullable Reader reader; // whose bytes stand in the read buffer

  /** Somebody whose bytes stand in the shared write buffer and wait to be written. */
  public interface Stager {
    /** Writes or parks them. */
    void flushStaged();
  }

  /** Somebody whose unread bytes may stand in the shared read buffer. */
  public interface Reader {
    /** Takes the read buffer away if unread bytes stand in it: somebody else is about to read. */
    void settle();
  }

  IoLoop(XnioIoThread thread, BufferBudget budget, MeterNumbers numbers, long seed) {
    this.thread = thread;
    this.wheel = new TimerWheel(thread);
    this.budget = budget;
    this.meters = new GroupMeters(numbers);
    this.random = new SplittableRandom(seed);
  }

  public XnioIoThread thread() {
    return thread;
  }

  /**
   * Runs something on this IO thread, soon; not at all where the thread is ending, as then nobody
   * waits for it any more. Any thread.
   */
  public void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException ending) {
      // the proxy was closed in the meantime
    }
  }

  public TimerWheel wheel() {
    return wheel;
  }

  public BufferBudget budget() {
    return budget;
  }

  public LoopCounters counters() {
    return counters;
  }

  public GroupMeters meters() {
    return meters;
  }

  /** A heap array of {@link #BUFFER} bytes whose content nobody relies on after the call. */
  public byte[] scratch() {
    return scratch;
  }

  /**
   * The cleared buffer to read into, after the one who read before has taken what it still needs.
   */
  public ByteBuffer readBuffer(Reader who) {
    if (reader != null && reader != who) {
      reader.settle();
    }
    reader = who;
    return readBuffer.clear();
  }

  /** Whether the shared read buffer holds what this reader read last. */
  public boolean reads(Reader who) {
    return reader == who;
  }

  /** The write buffer for one writer, after what another one staged in it has gone its way. */
  public ByteBuffer writeBuffer(Stager who) {
    if (stager != who) {
      if (stager != null) {
        stager.flushStaged();
      }
      stager = who;
      writeBuffer.clear();
    }
    return writeBuffer;
  }

  /** Whether bytes of this writer stand in the write buffer. */
  public boolean stages(Stager who) {
    return stager == who && writeBuffer.position() > 0;
  }

  /** The write buffer is free again. */
  public void staged(Stager who) {
    if (stager == who) {
      stager = null;
      writeBuffer.clear();
    }
  }

  /** Makes the caller the owner of the read buffer; to be given back by {@link #free}. */
  public ByteBuffer takeReadBuffer() {
    ByteBuffer taken = readBuffer;
    reader = null;
    readBuffer = fresh();
    budget.take(BUFFER);
    return taken;
  }

  /** Makes the caller the owner of the write buffer; to be given back by {@link #free}. */
  public ByteBuffer takeWriteBuffer() {
    ByteBuffer taken = writeBuffer;
    writeBuffer = fresh();
    stager = null;
    budget.take(BUFFER);
    return taken;
  }

  /** An empty buffer of one's own; to be given back by {@link #free}. */
  public ByteBuffer take() {
    budget.take(BUFFER);
    return fresh();
  }

  /** Gives back a buffer that was taken. */
  public void free(ByteBuffer buffer) {
    budget.give(BUFFER);
    if (spare.size() < SPARE) {
      spare.push(buffer);
    }
  }

  private ByteBuffer fresh() {
    ByteBuffer buffer = spare.poll();
    if (buffer == null) {
      return ByteBuffer.allocateDirect(BUFFER);
    }
    return buffer.clear();
  }

  /** A random number between 0 and bound, exclusive. */
  public int random(int bound) {
    return random.nextInt(bound);
  }

  /** Writes 32 random hex digits. */
  public void randomHex(byte[] out, int at) {
    long a = random.nextLong();
    long b = random.nextLong();
    for (int i = 0; i < 16; i++) {
      out[at + i] = HEX[(int) (a >>> (i * 4)) & 15];
      out[at + 16 + i] = HEX[(int) (b >>> (i * 4)) & 15];
    }
  }
}
