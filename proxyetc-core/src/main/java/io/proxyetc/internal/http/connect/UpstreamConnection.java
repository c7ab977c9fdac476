package io.proxyetc.internal.http.connect;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.loop.TlsClientSide;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.HeadParser;
import io.proxyetc.internal.http.wire.Inlet;
import io.proxyetc.internal.http.wire.Outlet;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.TargetState;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * A connection to a target. Reads are armed for as long as it lives, so that a target that closes
 * it is noticed while it is idle.
 *
 * <pre>{@code
 * IDLE --use--> IN USE --release--> IDLE
 *  \__ closed, bytes, too old __\__ discard __> CLOSED      IN USE --take--> somebody else's
 * }</pre>
 */
public final class UpstreamConnection
    implements ChannelListener<ConduitStreamSourceChannel>, Outlet.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamConnection.class);

  /** Who uses the connection for a request. On the IO thread. */
  public interface User {
    void onResponseReadable();

    void onTargetDrained();

    void onTargetBroken(IOException cause);

    void onTargetUnwritable(IOException cause);

    /** The deadline set by {@link UpstreamConnection#deadline} has come. */
    void onTargetTimeout();

    /** Whether it has this target claimed; asked after {@link #take}, too. */
    boolean holds(TargetState target);

    /** The target has to go: what is under way ends now. Called after {@link #take}, too. */
    void onCut();
  }

  private final IoLoop loop;
  private final AddressState address;
  private final StreamConnection connection;
  private final UpstreamPool pool;
  private final @Nullable NameCheck name; // null: the target is an address
  private final Inlet inlet;
  private final Outlet outlet;
  private final Timer timer; // of the user's deadline, or of the time idle
  private final Head head = new Head();
  private final HeadParser parser;

  // Below belong to the IO thread.
  private @Nullable User user;
  private @Nullable User taker; // the user that has taken it out of HTTP
  private int uses;
  private boolean closed;
  private boolean evicted;

  UpstreamConnection(
      IoLoop loop,
      AddressState address,
      StreamConnection connection,
      UpstreamPool pool,
      @Nullable NameCheck name,
      int maxHead,
      int maxFields) {
    this.loop = loop;
    this.address = address;
    this.connection = connection;
    this.pool = pool;
    this.name = name;
    this.inlet = new Inlet(loop, connection.getSourceChannel(), !address.secure());
    this.outlet = new Outlet(loop, connection.getSinkChannel(), this);
    this.timer = loop.wheel().timer(this::onTimeout);
    this.parser = new HeadParser(HeadParser.Kind.RESPONSE, maxHead, maxHead, maxFields);
    connection.getSourceChannel().setReadListener(this);
    connection.getSourceChannel().resumeReads();
    loop.counters().add(Counter.UPSTREAM_OPENED);
  }

  void use(User newUser) {
    user = newUser;
    uses++;
    timer.cancel();
  }

  /** Whether a request was sent over it before this one. */
  public boolean reused() {
    return uses > 1;
  }

  /** Whether it can take a request. */
  boolean usable() {
    return !closed && connection.isOpen();
  }

  public AddressState address() {
    return address;
  }

  public Inlet inlet() {
    return inlet;
  }

  public Outlet outlet() {
    return outlet;
  }

  /** The response's head, while it is read and until the next. */
  public Head head() {
    return head;
  }

  /** Begins to read the head of a response, also of the one behind an interim response. */
  public void beginHead() {
    parser.begin(head);
  }

  /** See {@link Inlet#head}. */
  public int readHead() throws IOException {
    return inlet.head(parser, head);
  }

  /** What is wrong with the head that was read. */
  public String fault() {
    return parser.fault().text();
  }

  @Override
  public void handleEvent(ConduitStreamSourceChannel readable) {
    User present = user;
    inlet.readable();
    if (present == null) {
      onIdleReadable();
      return;
    }
    try {
      present.onResponseReadable();
    } catch (RuntimeException | Error e) {
      LOG.error("an exchange with {} failed inside the proxy", address, e);
      present.onTargetBroken(new IOException("failed inside the proxy", e));
    }
  }

  /** The target closed, or it speaks unasked; or the event was about what has been read since. */
  private void onIdleReadable() {
    try {
      if (!closed && inlet.fill() == 0) {
        inlet.free();
        return;
      }
    } catch (IOException e) {
      LOG.debug("{} failed while idle", address, e);
    }
    close();
  }

  /** Whether the target said that this is the end: for a body that only the end delimits. */
  public boolean endedCleanly() {
    return TlsClientSide.endedCleanly(connection);
  }

  /** The user takes no more for now. */
  public void pause() {
    connection.getSourceChannel().suspendReads();
  }

  /** The user takes more. */
  public void resume() {
    connection.getSourceChannel().resumeReads();
  }

  @Override
  public void onDrained() {
    if (user != null) {
      user.onTargetDrained();
    }
  }

  @Override
  public void onWriteFailed(IOException cause) {
    if (user != null) {
      user.onTargetUnwritable(cause);
    }
  }

  /** The exchange is complete on this side: back to the pool, if nothing speaks against it. */
  public void release() {
    user = null;
    boolean moved = name != null && !name.holds(System.nanoTime());
    if (closed || moved || inlet.hasUnread() || outlet.blocked()) {
      close();
      return;
    }
    inlet.free();
    head.shrink();
    connection.getSourceChannel().resumeReads();
    pool.put(this);
  }

  /** Ends what is under way for a target that has to go. */
  void cut(TargetState target) {
    User present = user == null ? taker : user;
    if (present != null && present.holds(target)) {
      present.onCut();
    }
  }

  void idleFor(long nanos) {
    timer.set(nanos);
  }

  /** Sets the user's deadline, in place of the one before; 0: none. */
  public void deadline(long nanos) {
    timer.set(nanos);
  }

  private void onTimeout() {
    if (user == null) {
      close();
    } else {
      user.onTargetTimeout();
    }
  }

  /** Throws the connection away. */
  public void discard() {
    user = null;
    close();
  }

  /** After a 101: the bare connection is the caller's, who calls {@link #discard} at its end. */
  public StreamConnection take() {
    taker = user;
    user = null;
    timer.cancel();
    connection.getSourceChannel().setReadListener(null);
    connection.getSourceChannel().suspendReads();
    return connection;
  }

  /** Makes room for another connection, for somebody who asked for it. */
  void evict() {
    evicted = true;
    close();
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    timer.remove();
    pool.closed(this);
    inlet.free();
    outlet.free();
    if (evicted) {
      address.evicted();
    } else {
      address.closed();
    }
    loop.counters().add(Counter.UPSTREAM_CLOSED);
    IoUtils.safeClose(connection);
    User present = user;
    user = null;
    taker = null;
    if (present != null) {
      present.onTargetBroken(new EOFException("the connection to " + address + " was closed"));
    }
  }
}
