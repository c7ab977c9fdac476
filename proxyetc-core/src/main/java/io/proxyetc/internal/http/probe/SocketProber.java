package io.proxyetc.internal.http.probe;

import io.proxyetc.HealthCheck;
import io.proxyetc.Limits;
import io.proxyetc.ProxyException;
import io.proxyetc.internal.health.Prober;
import io.proxyetc.internal.http.connect.Resolver;
import io.proxyetc.internal.http.loop.TlsTasks;
import io.proxyetc.internal.target.AddressState;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Probes over HTTP, TLS and TCP, all on one selector. A connection serves one probe and ends with a
 * reset (linger 0): closed in the usual way, thousands of probes a second would each hold a port of
 * this machine for a minute (TIME_WAIT), and there are some 28,000.
 */
public final class SocketProber implements Prober {
  /** Holds what one TLS record may hold. */
  private static final int BUFFER = 32 * 1024;

  private static final int TLS_THREADS = 2;

  private final Limits limits;
  private final Resolver resolver;
  private final TlsTasks tasks;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  /** From the threads of names and of TLS: at most a few for each probe under way. */
  private final Queue<Runnable> others = new ConcurrentLinkedQueue<>();

  private volatile boolean closed;

  /**
   * Starts nothing yet but what a selector needs.
   *
   * @param name of the threads that resolve names and work for TLS, up to their last word
   * @param limits of which those for a target's response hold here too
   */
  public SocketProber(String name, Limits limits) {
    this.limits = limits;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new ProxyException("health: no selector for probes: " + e.getMessage(), e);
    }
    this.resolver = new Resolver(name);
    this.tasks = new TlsTasks(name, TLS_THREADS);
  }

  @Override
  public Question prepare(
      AddressState address, HealthCheck check, @Nullable Supplier<SSLEngine> engines) {
    return new SocketQuestion(this, address, check, engines);
  }

  @Override
  public void turn(long nanos) {
    try {
      if (nanos <= 0) {
        selector.selectNow(SocketProber::ready);
      } else {
        // Rounded up: else it would turn in vain until it is time.
        selector.select(SocketProber::ready, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
      }
    } catch (IOException e) {
      throw new ProxyException("health: the selector of probes fails: " + e.getMessage(), e);
    }
    for (Runnable task = others.poll(); task != null; task = others.poll()) {
      task.run();
    }
  }

  private static void ready(SelectionKey key) {
    if (key.attachment() instanceof SocketProbe probe) {
      probe.ready();
    }
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  /** Runs something within {@link #turn}. Any thread. */
  void execute(Runnable task) {
    if (!closed) {
      others.add(task);
      selector.wakeup();
    }
  }

  /**
   * A socket for one connection.
   *
   * @throws NoRouteToHostException this machine does not speak the address's protocol
   * @throws IOException there is no socket to be had: the fault is here
   */
  SocketChannel open(InetAddress to) throws IOException {
    boolean four = to instanceof Inet4Address;
    SocketChannel channel;
    try {
      channel =
          SocketChannel.open(four ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    } catch (UnsupportedOperationException e) {
      throw new NoRouteToHostException((four ? "IPv4" : "IPv6") + " is switched off here");
    }
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      return channel;
    } catch (IOException e) {
      close(channel);
      throw e;
    }
  }

  SelectionKey register(SocketChannel channel, SocketProbe probe, int operations)
      throws ClosedChannelException {
    return channel.register(selector, operations, probe);
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  Resolver resolver() {
    return resolver;
  }

  Executor tasks() {
    return tasks;
  }

  /** To read into: what stands in it, nobody relies on after the call. */
  ByteBuffer buffer() {
    return buffer;
  }

  AnswerReader answerReader(HealthCheck check) {
    return new AnswerReader(check, limits.maxResponseHead(), limits.maxFields());
  }

  @Override
  public void close() {
    closed = true;
    resolver.close();
    tasks.close();
    List<SelectionKey> open = new ArrayList<>(selector.isOpen() ? selector.keys() : List.of());
    for (SelectionKey key : open) {
      if (key.attachment() instanceof SocketProbe probe) {
        probe.giveUp();
      }
    }
    try {
      selector.close();
    } catch (IOException e) {
      throw new ProxyException("health: the selector of probes: " + e.getMessage(), e);
    }
  }
}
