package io.proxyetc.internal.http;

import io.proxyetc.Limits;
import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import io.proxyetc.internal.health.Observations;
import io.proxyetc.internal.http.connect.Connector;
import io.proxyetc.internal.http.connect.Resolver;
import io.proxyetc.internal.http.listen.Http2Acceptor;
import io.proxyetc.internal.http.listen.HttpListener;
import io.proxyetc.internal.http.listen.OpenConnections;
import io.proxyetc.internal.http.listen.PlainAcceptor;
import io.proxyetc.internal.http.listen.TlsAcceptor;
import io.proxyetc.internal.http.loop.BufferBudget;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.Loops;
import io.proxyetc.internal.http.loop.TlsBuffers;
import io.proxyetc.internal.http.loop.TlsClientSide;
import io.proxyetc.internal.http.loop.TlsServerSide;
import io.proxyetc.internal.http.loop.TlsTasks;
import io.proxyetc.internal.http.relay.RealClient;
import io.proxyetc.internal.http.relay.RequestRelay;
import io.proxyetc.internal.http.relay.ResponseRelay;
import io.proxyetc.internal.http.streams.Http2Listener;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.ServerTls;
import io.proxyetc.spi.HealthEvent;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/**
 * The HTTP side of a proxy: its threads, listeners and connections. Start and close are for any
 * thread, and block.
 */
public final class HttpServer {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final long POLL_MILLIS = 10;

  private final Limits limits;
  private final XnioWorker worker;
  private final BufferBudget budget;
  private final Loops loops;
  private final Resolver resolver;
  private final List<Connector> connectors = new ArrayList<>();
  private final OpenConnections open;
  private final List<HttpListener> listeners = new ArrayList<>();
  private final List<ServerTls> certificates = new ArrayList<>();
  private final HttpPipeline pipeline;
  private final TlsBuffers tlsBuffers;
  private final TlsTasks targetTls;

  /**
   * Starts the threads; {@link #bind} and {@link #open} follow.
   *
   * @param name of the threads
   */
  public HttpServer(
      String name,
      int ioThreads,
      Limits limits,
      RealClient clients,
      RouteTables<HttpRoute> tables,
      Observations observations,
      ExchangeLog log) {
    this.limits = limits;
    SecureRandom random = new SecureRandom();
    byte[] id = new byte[4];
    random.nextBytes(id);
    String pseudonym = "proxyetc-" + HexFormat.of().formatHex(id);
    RequestRelay requests = new RequestRelay(clients, pseudonym);
    this.worker = worker(name, ioThreads);
    this.budget = new BufferBudget(limits.maxBuffered());
    this.tlsBuffers = new TlsBuffers(budget);
    this.loops = new Loops(worker, budget, random.nextLong());
    this.resolver = new Resolver(name);
    this.open = new OpenConnections(limits.maxConnections());
    this.targetTls = new TlsTasks(name, Math.max(2, ioThreads));
    TlsClientSide tls = new TlsClientSide(tlsBuffers, targetTls);
    for (IoLoop loop : loops.all()) {
      connectors.add(new Connector(loop, limits, resolver, tls, connectors));
    }
    this.pipeline =
        new HttpPipeline(
            tables,
            loop -> connectors.get(loop.thread().getNumber()),
            clients,
            requests,
            new ResponseRelay(pseudonym),
            limits,
            observations,
            log,
            this::httpsPort);
  }

  private static XnioWorker worker(String name, int ioThreads) {
    try {
      return Xnio.getInstance("nio", HttpServer.class.getClassLoader())
          .createWorker(
              OptionMap.builder()
                  .set(Options.WORKER_NAME, name)
                  .set(Options.WORKER_IO_THREADS, ioThreads)
                  .set(Options.WORKER_TASK_CORE_THREADS, 1)
                  .set(Options.WORKER_TASK_MAX_THREADS, Math.max(2, ioThreads))
                  .set(Options.THREAD_DAEMON, false)
                  .getMap());
    } catch (IOException e) {
      throw new ProxyException("the IO threads cannot be started: " + e.getMessage(), e);
    }
  }

  /** Binds a listener; nothing is accepted yet. */
  public void bind(ProxyServer.Builder.Listen wanted, Consumer<HealthEvent> events) {
    PlainAcceptor plain = new PlainAcceptor(loops, limits, pipeline, open);
    HttpListener.Acceptor acceptor = plain;
    if (wanted.tls().isPresent()) {
      ServerTls tls = ServerTls.open(wanted.tls().get(), events);
      certificates.add(tls);
      TlsServerSide side = new TlsServerSide(tls::engine, tlsBuffers, worker);
      Http2Acceptor http2 = new Http2Listener(limits, pipeline, open);
      acceptor = new TlsAcceptor(loops, limits, side, plain, http2, open);
    }
    HttpListener listener = HttpListener.bind(worker, wanted, acceptor, limits.maxConnections());
    listeners.add(listener);
    open.govern(listener);
  }

  /** Begins to accept. */
  public void open() {
    listeners.forEach(HttpListener::open);
  }

  public List<ListenerAddress> addresses() {
    return listeners.stream().map(HttpListener::address).toList();
  }

  /** The port that redirects name: empty for 443 or where there is no https listener. */
  private String httpsPort() {
    for (HttpListener listener : listeners) {
      ListenerAddress address = listener.address();
      if (address.protocol().equals("https")) {
        return address.port() == 443 ? "" : ":" + address.port();
      }
    }
    return "";
  }

  /** Ends what is in flight at a target, soon. */
  public void cut(TargetState target) {
    connectors.forEach(connector -> connector.cut(target));
  }

  public Loops loops() {
    return loops;
  }

  public BufferBudget budget() {
    return budget;
  }

  /** Whether the calling thread is one of this proxy's IO threads. */
  public boolean onIoThread() {
    for (IoLoop loop : loops.all()) {
      if (loop.thread() == Thread.currentThread()) {
        return true;
      }
    }
    return false;
  }

  /** Stops accepting, waits for what is under way, closes the rest, frees all. Blocks. */
  public void close() {
    listeners.forEach(HttpListener::close);
    open.shutdown();
    long deadline = System.nanoTime() + limits.drain().toNanos();
    awaitClosed(deadline);
    if (open.count() > 0) {
      LOG.warn(
          "connections that are still open after {} s of draining, and are cut: {}",
          limits.drain().toMillis() / 1000.0,
          open.count());
      open.terminate();
      awaitClosed(System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
    }
    for (Connector connector : connectors) {
      connector.close();
    }
    certificates.forEach(ServerTls::close);
    resolver.close();
    targetTls.close();
    stopWorker();
  }

  /**
   * Connections close on their own threads: looked at every few milliseconds, as this happens once.
   */
  private void awaitClosed(long deadline) {
    try {
      while (open.count() > 0 && deadline - System.nanoTime() > 0) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopWorker() {
    worker.shutdown();
    try {
      if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
        worker.shutdownNow();
        worker.awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      worker.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Sums for metrics. */
  public long count(Counter counter) {
    return loops.count(counter);
  }
}
