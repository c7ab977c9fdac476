package io.proxyetc.internal.target;

import io.proxyetc.TargetTls;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The live side of one server address: how many sockets are open to it, whichever routes and groups
 * they serve. One per (host, port, secure, {@link TargetTls}). Safe for any thread; nothing blocks.
 */
public final class AddressState {
  private static final VarHandle OPEN = handle();

  private final AddressKey key;
  private final Leftovers leftovers;
  private volatile int open;

  /** How many target states point here; written under the registry's lock. */
  private volatile int users;

  AddressState(AddressKey key, Leftovers leftovers) {
    this.key = key;
    this.leftovers = leftovers;
  }

  /** Host name or IP literal (without brackets), in lower case. Allocates. */
  public String host() {
    String host = key.address().substring(0, key.address().lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The port, 1 to 65535. */
  public int port() {
    String address = key.address();
    return Integer.parseInt(address, address.lastIndexOf(':') + 1, address.length(), 10);
  }

  /** Whether connections are made over TLS. */
  public boolean secure() {
    return key.secure();
  }

  /** How the server is verified; means nothing unless {@link #secure}. */
  public TargetTls tls() {
    return key.tls();
  }

  /** {@code host:port}: an IPv6 literal in brackets. */
  public String address() {
    return key.address();
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
    int before = (int) OPEN.getAndAdd(this, -1);
    // Either this thread sees that nobody uses the address, or the registry sees no open socket.
    if (before == 1 && users == 0) {
      leftovers.add(this);
    }
  }

  /** How many sockets are open. */
  public int open() {
    return open;
  }

  AddressKey key() {
    return key;
  }

  Leftovers leftovers() {
    return leftovers;
  }

  /** Under the registry's lock. */
  void addUsers(int more) {
    users = users + more;
  }

  boolean unused() {
    return users == 0 && open == 0;
  }

  @Override
  public String toString() {
    return (secure() ? "https://" : "http://") + address();
  }

  private static VarHandle handle() {
    try {
      return MethodHandles.lookup().findVarHandle(AddressState.class, "open", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
