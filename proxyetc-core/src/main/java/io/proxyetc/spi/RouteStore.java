package io.proxyetc.spi;

import java.util.concurrent.CompletionStage;

/**
 * Where routes are kept. A store serves one proxy: it is started once and closed once, by the
 * proxy. Several changes may be under way at once.
 *
 * <p>The proxy calls a store on threads of its own, never on an IO thread. A call that does not
 * return in time is left behind: the proxy goes on with what is live, and changes that wait for
 * their turn at such a store fail after 5 s. What a store throws becomes a {@link
 * io.proxyetc.ProxyException} that names it, or a line in the log.
 */
public interface RouteStore extends AutoCloseable {

  /**
   * Begins to deliver: the first snapshot, then each later one in order of revision. May return
   * before the first one is there, and may throw {@link io.proxyetc.ProxyException} where the store
   * can never work. The listener is called on the store's own thread, one call at a time. A start
   * that takes longer than 10 s makes the proxy start without it.
   */
  void start(StoreListener listener);

  /**
   * Applies a change atomically: all of it or nothing. Never blocks: a call that does holds up
   * every later change. Called on one thread, in the order in which changes were asked for.
   *
   * @return completes with the change's revision when it would survive a crash, and before, at or
   *     after the delivery of its snapshot; exceptionally with {@link
   *     io.proxyetc.RouteConflictException} where a route had another revision than expected, or
   *     {@link io.proxyetc.ProxyException} where the store is away or refuses
   */
  CompletionStage<Long> apply(RouteChange change);

  /** A word for logs and pages, such as {@code file routes.json}. Asked once, before the start. */
  String describe();

  /**
   * Stops delivering, completes what is under way exceptionally, frees what it holds. Idempotent.
   * After 10 s the proxy closes without it.
   */
  @Override
  void close();

  /**
   * What a store tells. Its methods do not throw, and return as soon as what they were told is
   * live. After {@link RouteStore#close} they do nothing.
   */
  interface StoreListener {
    /** A revision that is to become live. */
    void onSnapshot(RouteSnapshot snapshot);

    /** The store was lost or found again. The first snapshot implies {@link State#CONNECTED}. */
    void onState(State state, String detail);
  }

  /** Whether the store can be reached. */
  enum State {
    /** Reads and writes work. */
    CONNECTED,
    /** The store is away: what is live goes on, writes are refused. */
    STALE
  }
}
