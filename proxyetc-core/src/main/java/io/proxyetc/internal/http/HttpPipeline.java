package io.proxyetc.internal.http;

import io.proxyetc.Limits;
import io.proxyetc.internal.health.Observations;
import io.proxyetc.internal.http.connect.Connector;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.relay.RealClient;
import io.proxyetc.internal.http.relay.RequestRelay;
import io.proxyetc.internal.http.relay.ResponseRelay;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.internal.table.RouteTables;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way of every request, in the order in which data flows:
 *
 * <pre>{@code
 * match -> pick -> claim -> connect -> relay -> respond
 * }</pre>
 *
 * <p>Each request is an {@link Exchange} that runs on the IO thread of its client's connection,
 * from the first byte to the last.
 */
public final class HttpPipeline implements Downstream.Handler {
  private final RouteTables<HttpRoute> tables;
  private final Function<IoLoop, Connector> connectors;
  private final RealClient clients;
  private final RequestRelay requests;
  private final ResponseRelay responses;
  private final Limits limits;
  private final Observations observations;
  private final ExchangeLog log;
  private final Supplier<String> httpsPort;

  public HttpPipeline(
      RouteTables<HttpRoute> tables,
      Function<IoLoop, Connector> connectors,
      RealClient clients,
      RequestRelay requests,
      ResponseRelay responses,
      Limits limits,
      Observations observations,
      ExchangeLog log,
      Supplier<String> httpsPort) {
    this.tables = tables;
    this.connectors = connectors;
    this.clients = clients;
    this.requests = requests;
    this.responses = responses;
    this.limits = limits;
    this.observations = observations;
    this.log = log;
    this.httpsPort = httpsPort;
  }

  @Override
  public void handle(Downstream downstream) {
    new Exchange(this, downstream).start();
  }

  @Override
  public void refuse(Downstream downstream, int status, String text) {
    new Exchange(this, downstream).refuse(status, text);
  }

  RouteTable<HttpRoute> table() {
    return tables.current();
  }

  Connector connector(IoLoop loop) {
    return connectors.apply(loop);
  }

  RealClient clients() {
    return clients;
  }

  RequestRelay requests() {
    return requests;
  }

  ResponseRelay responses() {
    return responses;
  }

  Limits limits() {
    return limits;
  }

  /** What a redirect to https puts behind the host: a colon and the port, or nothing. */
  String httpsPort() {
    return httpsPort.get();
  }

  /** Who hears of what requests meet with at targets. */
  Observations observations() {
    return observations;
  }

  ExchangeLog log() {
    return log;
  }
}
