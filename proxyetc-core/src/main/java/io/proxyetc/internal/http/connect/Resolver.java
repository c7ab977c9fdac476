package io.proxyetc.internal.http.connect;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names to addresses, never on an IO thread. What is known is used at once; what is older than 30 s
 * is asked for again in the background, and kept while the name server does not answer. It is asked
 * for sooner where the JVM itself is set to do so: {@code networkaddress.cache.ttl}.
 */
public final class Resolver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);
  private static final int FRESH_SECONDS = 30;
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
  private static final Pattern LITERAL =
      Pattern.compile("(" + OCTET + "\\.){3}" + OCTET + "|.*:.*");
  private static final int MAX_NAMES = 10_000;

  /** Who asked for a name. Called on the thread that asked. */
  public interface Listener {
    void onResolved(InetAddress[] addresses);

    void onUnknown(UnknownHostException cause);
  }

  private record Known(InetAddress[] addresses, long at, AtomicBoolean refreshing) {}

  private final Map<String, Known> names = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor executor;
  private final long freshNanos =
      TimeUnit.SECONDS.toNanos(freshSeconds(Security.getProperty("networkaddress.cache.ttl")));

  /**
   * @param threadPrefix how the threads are called
   */
  public Resolver(String threadPrefix) {
    executor =
        new ThreadPoolExecutor(
            4,
            4,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1000),
            task -> thread(threadPrefix, task));
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * How long an answer is fresh.
   *
   * @param jvm how many seconds the JVM keeps one, which it is asked for in vain before; null: it
   *     was not told, negative: for ever, 0: not at all
   */
  static int freshSeconds(@Nullable String jvm) {
    if (jvm == null || !jvm.matches("[0-9]{1,9}")) {
      return FRESH_SECONDS;
    }
    return Math.max(1, Math.min(Integer.parseInt(jvm), FRESH_SECONDS));
  }

  /** How old an answer becomes before it is asked for again. */
  long freshNanos() {
    return freshNanos;
  }

  private static Thread thread(String prefix, Runnable task) {
    Thread thread = new Thread(task, prefix + "-dns");
    thread.setDaemon(true);
    return thread;
  }

  /** The address that a host is itself, without asking anybody; null: it is a name. */
  public static @Nullable InetAddress literal(String host) {
    if (!LITERAL.matcher(host).matches()) {
      return null;
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      return null; // shaped like an address, but none
    }
  }

  /** Gives the addresses at once if they are known, else null: then call {@link #resolve}. */
  public InetAddress @Nullable [] known(String host) {
    Known known = names.get(host);
    if (known == null) {
      return null;
    }
    if (System.nanoTime() - known.at > freshNanos && known.refreshing.compareAndSet(false, true)) {
      refresh(host, known);
    }
    return known.addresses;
  }

  private void refresh(String host, Known known) {
    try {
      executor.execute(
          () -> {
            try {
              lookUp(host);
            } catch (UnknownHostException e) {
              LOG.warn("{} cannot be resolved any more; its last addresses are used on", host);
              names.put(host, new Known(known.addresses, System.nanoTime(), new AtomicBoolean()));
            }
          });
    } catch (RejectedExecutionException e) {
      known.refreshing.set(false);
    }
  }

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    if (names.size() < MAX_NAMES || names.containsKey(host)) {
      names.put(host, new Known(addresses, System.nanoTime(), new AtomicBoolean()));
    }
    return addresses;
  }

  /**
   * Asks for a name. Does not block.
   *
   * @param asking runs something on the thread that asks
   */
  public void resolve(String host, Executor asking, Listener listener) {
    try {
      executor.execute(
          () -> {
            try {
              InetAddress[] addresses = lookUp(host);
              asking.execute(() -> listener.onResolved(addresses));
            } catch (UnknownHostException e) {
              asking.execute(() -> listener.onUnknown(e));
            }
          });
    } catch (RejectedExecutionException e) {
      asking.execute(
          () -> listener.onUnknown(new UnknownHostException(host + ": too many look-ups wait")));
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
