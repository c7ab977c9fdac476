package io.proxyetc.internal.http.connect;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.TargetState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * The connections of one IO thread to targets. The one used last is used first: it is the warmest,
 * and the others can grow old and go. Only on its IO thread.
 */
public final class UpstreamPool {
  private final IoLoop loop;
  private final Limits limits;
  private final Map<AddressState, ArrayDeque<UpstreamConnection>> idle = new HashMap<>();
  private final Set<UpstreamConnection> open = new HashSet<>();
  private final Set<ConnectAttempt> connecting = new HashSet<>();

  public UpstreamPool(IoLoop loop, Limits limits) {
    this.loop = loop;
    this.limits = limits;
  }

  /** An idle connection, or null. */
  @Nullable UpstreamConnection poll(AddressState address) {
    ArrayDeque<UpstreamConnection> stack = idle.get(address);
    if (stack == null) {
      return null;
    }
    for (UpstreamConnection c = stack.pollLast(); c != null; c = stack.pollLast()) {
      if (c.usable()) {
        return c;
      }
      c.close();
    }
    return null;
  }

  void begun(ConnectAttempt attempt) {
    connecting.add(attempt);
  }

  void ended(ConnectAttempt attempt) {
    connecting.remove(attempt);
  }

  /** A new connection; with the check of its name, where its target has one. */
  UpstreamConnection opened(
      AddressState address, StreamConnection connection, @Nullable NameCheck name) {
    UpstreamConnection upstream =
        new UpstreamConnection(
            loop, address, connection, this, name, limits.maxResponseHead(), limits.maxFields());
    open.add(upstream);
    return upstream;
  }

  void put(UpstreamConnection connection) {
    connection.idleFor(limits.targetKeepAlive().toNanos());
    idle.computeIfAbsent(connection.address(), a -> new ArrayDeque<>()).addLast(connection);
    connection.address().freed();
  }

  void closed(UpstreamConnection connection) {
    open.remove(connection);
    ArrayDeque<UpstreamConnection> stack = idle.get(connection.address());
    if (stack != null) {
      stack.removeLastOccurrence(connection);
      if (stack.isEmpty()) {
        idle.remove(connection.address());
      }
    }
  }

  /** Closes the coldest idle connection to an address. Gives false if there is none. */
  boolean evict(AddressState address) {
    ArrayDeque<UpstreamConnection> stack = idle.get(address);
    UpstreamConnection coldest = stack == null ? null : stack.peekFirst();
    if (coldest == null) {
      return false;
    }
    coldest.evict();
    return true;
  }

  /** Ends what is under way for a target that has to go. */
  void cut(TargetState target) {
    for (ConnectAttempt attempt : new ArrayList<>(connecting)) {
      attempt.cut(target);
    }
    for (UpstreamConnection connection : new ArrayList<>(open)) {
      connection.cut(target);
    }
  }

  /** Closes all. */
  public void close() {
    for (UpstreamConnection connection : new ArrayList<>(open)) {
      connection.close();
    }
  }
}
