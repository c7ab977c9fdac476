package io.proxyetc.benchmarks;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.ResponseCodeHandler;
import io.undertow.server.handlers.accesslog.AccessLogHandler;
import io.undertow.server.handlers.accesslog.DefaultAccessLogReceiver;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.xnio.OptionMap;
import org.xnio.Options;

/**
 * Undertow's own ProxyHandler as a program, for the comparison. Arguments: http port, https port,
 * target port, PKCS#12 file, and a directory for an access log or {@code -} for none.
 */
public final class UndertowProxy {

  private static final int CONNECTIONS_PER_THREAD =
      512; // as many as requests at once, on one thread

  private UndertowProxy() {}

  /** Runs until the process is ended. */
  public static void main(String[] args) throws GeneralSecurityException, IOException {
    int http = Integer.parseInt(args[0]);
    int https = Integer.parseInt(args[1]);
    HttpHandler handler = logged(proxy(Integer.parseInt(args[2])), args[4]);
    Undertow.builder()
        .addHttpListener(http, Ports.LOOPBACK)
        .addHttpsListener(https, Ports.LOOPBACK, tls(Path.of(args[3])))
        .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
        .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L)
        .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 300_000)
        .setHandler(handler)
        .build()
        .start();
  }

  private static HttpHandler proxy(int targetPort) {
    LoadBalancingProxyClient client =
        new LoadBalancingProxyClient()
            .setConnectionsPerThread(CONNECTIONS_PER_THREAD) // before addHost, which reads it
            .addHost(
                URI.create("http://" + Ports.LOOPBACK + ":" + targetPort),
                null,
                null,
                OptionMap.create(Options.TCP_NODELAY, true)); // else 40 ms for each body
    return ProxyHandler.builder()
        .setProxyClient(client)
        .setNext(ResponseCodeHandler.HANDLE_404)
        .setMaxRequestTime(-1)
        .build();
  }

  private static HttpHandler logged(HttpHandler handler, String directory) {
    if (directory.equals("-")) {
      return handler;
    }
    DefaultAccessLogReceiver receiver =
        DefaultAccessLogReceiver.builder()
            .setLogWriteExecutor(Executors.newSingleThreadExecutor())
            .setOutputDirectory(Path.of(directory))
            .setLogBaseName("undertow-access.")
            .build();
    return new AccessLogHandler(
        handler, receiver, "combined", UndertowProxy.class.getClassLoader());
  }

  private static SSLContext tls(Path store) throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(Certificate.load(store), Certificate.PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
