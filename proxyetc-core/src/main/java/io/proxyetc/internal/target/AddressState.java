package io.proxyetc.internal.target;

import io.proxyetc.TargetTls;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The live side of one server address: how many sockets are open to it, whichever routes and groups
 * they serve. One per (host, port, secure, {@link TargetTls}). Safe for any thread; nothing blocks.
 */
public final class AddressState {
  private static final VarHandle OPEN = handle("open", int.class);
  private static final VarHandle WATCHING = handle("watching", PendingQueue[].class);

  /** The target's own string: kept instead of its parts, as there may be 100,000 addresses. */
  private final String url;

  private final TargetTls tls;
  private final Leftovers leftovers;
  private volatile int open;

  /** How many target states point here; written under the registry's lock. */
  private volatile int users;

  /** Who may wait for a socket to be free; null: nobody ever did. Replaced as a whole. */
  private volatile PendingQueue @Nullable [] watching;

  AddressState(String url, TargetTls tls, Leftovers leftovers) {
    this.url = url;
    this.tls = tls;
    this.leftovers = leftovers;
  }

  /** Host name or IP literal (without brackets), in lower case. Allocates. */
  public String host() {
    String host = url.substring(url.indexOf("//") + 2, url.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The port, 1 to 65535. */
  public int port() {
    return Integer.parseInt(url, url.lastIndexOf(':') + 1, url.length(), 10);
  }

  /** Whether connections are made over TLS. */
  public boolean secure() {
    return url.startsWith("https:");
  }

  /** How the server is verified; means nothing unless {@link #secure}. */
  public TargetTls tls() {
    return tls;
  }

  /** {@code host:port}: an IPv6 literal in brackets. Allocates: keep it in a plan. */
  public String address() {
    return url.substring(url.indexOf("//") + 2);
  }

  /**
   * Counts one more socket, unless {@code max} are open already.
   *
   * @return whether a socket may be opened; then {@link #closed} must follow, once
   */
  public boolean tryOpen(int max) {
    int now = open;
    while (now < max) {
      if (OPEN.compareAndSet(this, now, now + 1)) {
        return true;
      }
      now = open;
    }
    return false;
  }

  /** Gives back what {@link #tryOpen} counted. */
  public void closed() {
    evicted();
    freed();
  }

  /** The same for somebody who asked for the place, and calls {@link #freed} without using it. */
  public void evicted() {
    int before = (int) OPEN.getAndAdd(this, -1);
    // Either this thread sees that nobody uses the address, or the registry sees no open socket.
    if (before == 1 && users == 0) {
      leftovers.add(this);
    }
  }

  // ---- who waits for one ----

  /** A socket is closed, or has no request any more: whoever waits for one may have it. */
  public void freed() {
    PendingQueue[] told = watching;
    if (told != null) {
      for (PendingQueue queue : told) {
        queue.signal();
      }
    }
  }

  /** From now on a queue hears of {@link #freed} sockets. Idempotent. */
  public void watch(PendingQueue queue) {
    PendingQueue[] before;
    PendingQueue[] after;
    do {
      before = watching;
      if (before == null) {
        after = new PendingQueue[] {queue};
      } else if (Arrays.asList(before).contains(queue)) {
        return;
      } else {
        after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = queue;
      }
    } while (!WATCHING.compareAndSet(this, before, after));
  }

  /** A queue need not hear of it any more. */
  void unwatch(PendingQueue queue) {
    PendingQueue[] before;
    PendingQueue[] after;
    do {
      before = watching;
      if (before == null) {
        return;
      }
      after = Arrays.stream(before).filter(each -> each != queue).toArray(PendingQueue[]::new);
    } while (!WATCHING.compareAndSet(this, before, after.length == 0 ? null : after));
  }

  // ---- others ----

  /** How many sockets are open. */
  public int open() {
    return open;
  }

  /** Scheme, host and port, as in {@link io.proxyetc.Target#url}. */
  public String url() {
    return url;
  }

  Leftovers leftovers() {
    return leftovers;
  }

  /** Under the registry's lock. */
  void addUsers(int more) {
    int before = users; // written under one lock, read without it
    users = before + more;
  }

  boolean unused() {
    return users == 0 && open == 0;
  }

  @Override
  public String toString() {
    return url;
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(AddressState.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
