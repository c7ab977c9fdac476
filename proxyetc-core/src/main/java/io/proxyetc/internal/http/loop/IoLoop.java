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
 * behind: many are handed over with the whole buffer, and a fresh one takes its place; few are
 * copied into one that is hardly larger than they are.
 */
public final class IoLoop {
  /** Size of the shared buffers, in bytes. */
  public static final int BUFFER = 128 * 1024;

  private static final int SPARE = 16;
  private static final int LEAST = 1024; // what is taken is a power of two from here to BUFFER

  private final XnioIoThread thread;
  private final TimerWheel wheel;
  private final BufferBudget budget;
  private final LoopCounters counters = new LoopCounters();
  private final GroupMeters meters;
  private final EndOfTurn endOfTurn = new EndOfTurn(this);
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

  public EndOfTurn endOfTurn() {
    return endOfTurn;
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

  /**
   * Makes the caller the owner of the bytes that remain in the read buffer; to be given back by
   * {@link #free}.
   */
  public ByteBuffer takeReadBuffer() {
    ByteBuffer taken = readBuffer;
    reader = null;
    if (fewIn(taken)) {
      return keep(taken);
    }
    readBuffer = fresh();
    budget.take(BUFFER);
    return taken;
  }

  /** The same for the write buffer. */
  public ByteBuffer takeWriteBuffer() {
    ByteBuffer taken = writeBuffer;
    stager = null;
    if (fewIn(taken)) {
      return keep(taken);
    }
    writeBuffer = fresh();
    budget.take(BUFFER);
    return taken;
  }

  /** So few that to copy them costs less than all the room around them. */
  private static boolean fewIn(ByteBuffer buffer) {
    return buffer.remaining() <= BUFFER / 2;
  }

  /**
   * As many of the bytes as a buffer holds, in one of the caller's own that is hardly larger: what
   * a connection keeps must not count for more than that, or few of them would seem to fill the
   * memory. To be given back by {@link #free}.
   */
  public ByteBuffer keep(ByteBuffer bytes) {
    ByteBuffer own = take(Math.min(bytes.remaining(), BUFFER));
    int end = bytes.limit();
    bytes.limit(bytes.position() + Math.min(bytes.remaining(), own.remaining()));
    own.put(bytes).flip();
    bytes.limit(end);
    return own;
  }

  /**
   * An empty buffer of one's own; to be given back by {@link #free}.
   *
   * @param room for so many bytes at least, but never more than {@link #BUFFER}
   */
  public ByteBuffer take(int room) {
    int size = LEAST;
    while (size < room && size < BUFFER) {
      size *= 2;
    }
    budget.take(size);
    return size < BUFFER ? ByteBuffer.allocate(size) : fresh();
  }

  /**
   * Room behind what stands in a buffer of one's own, between its beginning and its position.
   *
   * @param own full or not; given back where it was too small
   * @param room for so many bytes more; together not more than {@link #BUFFER}
   */
  public ByteBuffer grown(ByteBuffer own, int room) {
    if (own.remaining() >= room) {
      return own;
    }
    ByteBuffer larger = take(own.position() + room).put(own.flip());
    free(own);
    return larger;
  }

  /** Gives back a buffer that was taken. */
  public void free(ByteBuffer buffer) {
    budget.give(buffer.capacity());
    if (buffer.capacity() == BUFFER && spare.size() < SPARE) {
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

  /** 64 random bits. */
  public long randomBits() {
    return random.nextLong();
  }
}
