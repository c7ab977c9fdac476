package io.proxyetc;

import io.proxyetc.internal.assembly.Assembly;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.spi.ProxyExtension;
import io.proxyetc.spi.RouteStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A running proxy. Several in one JVM do not see each other. Safe for any thread.
 *
 * <pre>{@code
 * ProxyServer proxy = ProxyServer.builder().http("localhost", 8080).start();
 * proxy.routes().put(Route.builder("app").to("http://localhost:3000").build());
 * }</pre>
 */
public interface ProxyServer extends AutoCloseable {

  /** Starts a description of a proxy. */
  static Builder builder() {
    return new Builder();
  }

  /** The live routes. */
  Routes routes();

  /** The listeners as they were bound, in the order in which they were asked for. */
  List<ListenerAddress> listeners();

  /** The first listener's real port. */
  default int port() {
    return listeners().get(0).port();
  }

  /** What the proxy has counted so far. */
  ProxyStats stats();

  /**
   * How each target stands now, in order of route, group and id; those that drain included. A copy;
   * does not block.
   */
  List<TargetStatus> targets();

  /**
   * Stops accepting, lets requests in flight finish for up to {@link Limits#drain}, cancels the
   * rest, and frees every thread and socket. Blocks. Idempotent.
   */
  @Override
  void close();

  /** Describes a proxy. Not for several threads at once. */
  final class Builder {
    /**
     * A listener that is wanted.
     *
     * @param host name or address; {@code localhost} binds IPv4 and IPv6, {@code *} every address
     * @param port 0: any free one
     * @param tls empty for plain HTTP
     */
    public record Listen(String host, int port, Optional<Tls> tls) {
      private static final int MAX_PORT = 65_535;

      public Listen {
        String remedy = "give a name, an address, 'localhost' or '*'";
        Given.notNull("a listener's host", host, remedy);
        if (host.isBlank()) {
          throw new ProxyException("a listener's host is empty: " + remedy);
        }
        if (port < 0 || port > MAX_PORT) {
          throw new ProxyException(
              "the listener on "
                  + host
                  + ": port "
                  + port
                  + " is not between 0 and "
                  + MAX_PORT
                  + " (0: any free one)");
        }
        Given.notNull("the listener on " + host + ": tls", tls, "Optional.empty() is plain HTTP");
      }
    }

    private final List<Listen> listens = new ArrayList<>();
    private Optional<RouteStore> store = Optional.empty();
    private final Map<String, Balancer> balancers = new LinkedHashMap<>();
    private final List<HealthNotifier> notifiers = new ArrayList<>();
    private final List<ProxyExtension> extensions = new ArrayList<>();
    private Limits limits = Limits.DEFAULT;
    private List<String> trustedPeers = List.of();
    private Optional<AccessLog> accessLog = Optional.empty();
    private Optional<Path> lastGood = Optional.empty();
    private Optional<SessionSecret> sessionSecret = Optional.empty();
    private List<Route> firstRoutes = List.of();
    private int ioThreads;

    private Builder() {}

    /**
     * Listens for plain HTTP/1.
     *
     * @param host name or address; {@code localhost} binds IPv4 and IPv6, {@code *} every address
     * @param port 0 to 65535; 0: any free one
     * @throws ProxyException for a host or port that cannot be
     */
    public Builder http(String host, int port) {
      listens.add(new Listen(host, port, Optional.empty()));
      return this;
    }

    /** Listens for HTTP/1 and HTTP/2 over TLS; host and port as for {@link #http}. */
    public Builder https(String host, int port, Tls tls) {
      Given.notNull("https(…): tls", tls, "give Tls.pem(certificate, key), or call http(…)");
      listens.add(new Listen(host, port, Optional.of(tls)));
      return this;
    }

    /**
     * Where the routes are kept; in memory without it. The proxy closes it. What it throws comes as
     * a {@link ProxyException} that names it, and what it holds up is bounded: see {@link
     * RouteStore}.
     */
    public Builder store(RouteStore newStore) {
      store = Optional.of(Given.notNull("store(…): the store", newStore, "leave the call out"));
      return this;
    }

    /**
     * Keeps the routes in a JSON file: written anew on each change, watched for edits by hand. It
     * is made where it does not exist.
     */
    public Builder fileStore(Path file) {
      Given.notNull("fileStore(…): the file", file, "give the path of a JSON file");
      return store(Assembly.fileStore(file));
    }

    /**
     * A balancer that routes can name.
     *
     * @param name not that of a built-in one
     */
    public Builder balancer(String name, Balancer balancer) {
      Given.notNull("balancer(…): the name", name, "give the name that routes use");
      if (name.isBlank() || Balancing.builtIn(name)) {
        throw new ProxyException(
            "balancer(…): the name '"
                + name
                + "' is "
                + (name.isBlank() ? "empty" : "that of a built-in one")
                + ": give another one");
      }
      Given.notNull("balancer " + name, balancer, "give an implementation of Balancer");
      balancers.put(name, balancer);
      return this;
    }

    /**
     * Somebody who hears of events. The proxy closes it. Without any they go to the log: see {@link
     * LogHealthNotifier}.
     */
    public Builder notifier(HealthNotifier notifier) {
      notifiers.add(Given.notNull("notifier(…): the notifier", notifier, "leave the call out"));
      return this;
    }

    /** A part that starts and stops with the proxy. */
    public Builder with(ProxyExtension extension) {
      extensions.add(Given.notNull("with(…): the extension", extension, "leave the call out"));
      return this;
    }

    /** What is bounded; {@link Limits#DEFAULT} without it. */
    public Builder limits(Limits newLimits) {
      limits =
          Given.notNull(
              "limits(…): what is given",
              newLimits,
              "give Limits.DEFAULT, or some of its with… methods");
      return this;
    }

    /**
     * Peers whose Forwarded and X-Forwarded-* fields are believed and appended to: addresses or
     * networks such as {@code 10.0.0.0/8}. From anybody else they are overwritten.
     */
    public Builder trustedPeers(String... networks) {
      String remedy = "give addresses or networks, or leave the call out";
      Given.notNull("trustedPeers", networks, remedy);
      trustedPeers = Given.each("trustedPeers", Arrays.asList(networks), remedy);
      return this;
    }

    /** Writes an access log; none without it. */
    public Builder accessLog(AccessLog log) {
      accessLog = Optional.of(Given.notNull("accessLog(…): the log", log, "leave the call out"));
      return this;
    }

    /**
     * A file in which the proxy keeps the last good snapshot of any store that can be away, so that
     * it starts with that store away.
     */
    public Builder lastGood(Path file) {
      lastGood = Optional.of(Given.notNull("lastGood(…): the file", file, "leave the call out"));
      return this;
    }

    /**
     * The secret of sticky sessions, which proxies in front of the same targets share. Without it
     * one is made when the first route needs it, and kept beside the routes of a {@link #fileStore}
     * or the copy of {@link #lastGood}, in a file that ends in {@code .session-secret}; where there
     * is neither, sessions end with the process.
     */
    public Builder sessionSecret(SessionSecret secret) {
      sessionSecret =
          Optional.of(Given.notNull("sessionSecret(…): the secret", secret, "leave the call out"));
      return this;
    }

    /**
     * What a store begins with that has never held a route: live before the first client is
     * accepted. Where the store holds anything, or did so once, they are not looked at.
     */
    public Builder firstRoutes(List<Route> routes) {
      firstRoutes = Given.each("firstRoutes", routes, "give routes, or leave the call out");
      Set<String> ids = new HashSet<>();
      for (Route route : firstRoutes) {
        if (!ids.add(route.id())) {
          throw new ProxyException(
              "firstRoutes: route " + route.id() + " is there twice: give each route once");
        }
      }
      return this;
    }

    /** How many IO threads; one per core without it. */
    public Builder ioThreads(int threads) {
      if (threads < 1 || threads > 256) {
        throw new ProxyException("ioThreads: " + threads + " is not between 1 and 256");
      }
      ioThreads = threads;
      return this;
    }

    /**
     * Binds the listeners and starts. Blocks until the first routes are live (10 s at most; then
     * the last good ones serve).
     *
     * @throws ProxyException where something stands in the way, after freeing all it had taken
     */
    public ProxyServer start() {
      if (listens.isEmpty()) {
        throw new ProxyException("a proxy needs a listener: call http(…) or https(…)");
      }
      return Assembly.start(
          new ProxyConfig(
              List.copyOf(listens),
              store,
              Map.copyOf(balancers),
              List.copyOf(notifiers),
              List.copyOf(extensions),
              limits,
              trustedPeers,
              accessLog,
              lastGood,
              sessionSecret,
              firstRoutes,
              ioThreads == 0 ? Runtime.getRuntime().availableProcessors() : ioThreads));
    }
  }
}
