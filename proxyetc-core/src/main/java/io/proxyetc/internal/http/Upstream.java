package io.proxyetc.internal.http;

import io.proxyetc.internal.http.connect.Connector;
import io.proxyetc.internal.http.connect.UpstreamConnection;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.relay.RequestRelay;
import io.proxyetc.internal.http.respond.Failure;
import io.proxyetc.internal.http.wire.FramingException;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.TargetEngines;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The target's side of one exchange: the claimed target, the connection to it, and the request that
 * is sent over it; what comes back is for {@link ToClient}. What a fault means for the request is
 * for {@link Exchange} to say. All on one IO thread.
 *
 * <pre>{@code
 * claim --> connect --> send head --> send body --> await response --> relay --> end
 *   ^          |            \_______________|________________/           |
 *   |          | full, failed               | broken                     | cut
 *   |          v                            v                            v
 *   +---- next candidate, where that is safe; else fail                abort
 * }</pre>
 */
final class Upstream implements Connector.Client {
  private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

  private final Exchange exchange;
  private final HttpPipeline pipeline;
  private final Downstream downstream;
  private final ToClient response;

  // All below belong to the IO thread.
  private Policies policies = Policies.DEFAULT;
  private @Nullable TargetState target; // claimed
  private Connector.Attempt connecting = Connector.Attempt.DONE;
  private @Nullable UpstreamConnection connection;
  private @Nullable ToTarget body; // to the present target; made when there is one to send
  private @Nullable TargetEngines engines; // of the target's group
  private boolean anew; // only a new connection will do
  private boolean upgrade; // the client asks for one
  private boolean sent; // bytes of the request went to the present target
  private boolean requestDone; // the target has all of the request
  private boolean hurried; // it has less time to answer than the response may take

  Upstream(Exchange exchange, HttpPipeline pipeline, Downstream downstream) {
    this.exchange = exchange;
    this.pipeline = pipeline;
    this.downstream = downstream;
    this.response = new ToClient(exchange, this, pipeline, downstream);
  }

  /** By which rules the request goes to the targets that follow. */
  void follow(Policies ofRoute) {
    policies = ofRoute;
    upgrade = Upgrade.asked(downstream);
  }

  Policies policies() {
    return policies;
  }

  /** Whether the client asks for another protocol. */
  boolean upgradeAsked() {
    return upgrade;
  }

  /** The target that is claimed now. */
  @Nullable TargetState target() {
    return target;
  }

  /** Whether the request may go to another target: design rule 8. */
  boolean repeatable() {
    ToTarget taken = body;
    return (taken == null || !taken.consumed())
        && !downstream.responded()
        && (!sent || downstream.request().idempotent());
  }

  /** Whether the final head of the target's response has come. */
  boolean responding() {
    return response.responding();
  }

  /** Bytes of the request's body that were taken from the client. */
  long bodyIn() {
    ToTarget taken = body;
    return taken == null ? 0 : taken.bytes();
  }

  /** Bytes of the response's body that were given to the client. */
  long bodyOut() {
    return response.bytes();
  }

  // ---- connect ----

  void connect(TargetState claimed, @Nullable TargetEngines ofGroup) {
    target = claimed;
    engines = ofGroup;
    connect(claimed);
  }

  private void connect(TargetState claimed) {
    sent = false;
    requestDone = false;
    hurried = false;
    body = null; // what was made for the target before took nothing, else this were no retry
    Connector.Attempt attempt =
        pipeline
            .connector(downstream.loop())
            .connect(
                claimed.address(), engines, policies.timeouts().connect().toNanos(), anew, this);
    if (target == claimed && connection == null) {
      connecting = attempt;
    }
  }

  @Override
  public void onFull() {
    connecting = Connector.Attempt.DONE;
    TargetState claimed = target;
    target = null;
    if (claimed != null) {
      claimed.releaseUnused();
    }
    exchange.onTargetFull();
  }

  @Override
  public void onRoom() {
    exchange.stopWaiting();
  }

  @Override
  public void onConnectFailed(IOException cause) {
    pipeline.witness().connectFailed(target, exchange.group(), cause);
    exchange.retryOrFail(
        cause instanceof SocketTimeoutException ? Failure.CONNECT_TIMEOUT : Failure.UNREACHABLE,
        cause instanceof ConnectException);
  }

  // ---- send ----

  @Override
  public void onConnected(UpstreamConnection connected) {
    connecting = Connector.Attempt.DONE;
    connection = connected;
    exchange.stopWaiting();
    TargetState claimed = target;
    if (exchange.over() || claimed == null) {
      connected.discard();
      return;
    }
    if (claimed.isCut()) {
      onCut();
      return;
    }
    try {
      send(connected, claimed);
    } catch (IOException e) {
      onTargetUnwritable(e);
    }
  }

  private void send(UpstreamConnection to, TargetState claimed) throws IOException {
    RequestRelay.Rules rules = policies.request();
    if (policies.hostOfTarget()) {
      byte[] host = claimed.target().address().getBytes(StandardCharsets.US_ASCII);
      rules = new RequestRelay.Rules(rules.fields(), rules.path(), host);
    }
    pipeline.requests().write(to.outlet().beginHead(), downstream, rules, upgrade);
    to.beginHead();
    to.outlet().framing(downstream.request().chunked);
    to.outlet().endHead();
    sent = true;
    if (downstream.bodyPending()) {
      sendBody();
    } else {
      sendEnd(to);
    }
  }

  /** Goes on with the request's body, of which there is more, or for which there is room. */
  void sendBody() {
    UpstreamConnection to = connection;
    if (to == null || requestDone || exchange.over()) {
      return;
    }
    ToTarget pumped = bodyTo(to);
    try {
      BodyProgress progress = pumped.pump();
      IOException broken = pumped.broken();
      if (broken != null) {
        onTargetUnwritable(broken);
      } else if (pumped.tooLarge()) {
        exchange.failClient(Failure.BODY_TOO_LARGE);
      } else if (progress == BodyProgress.DONE) {
        sendEnd(to);
      } else {
        awaitBody(to, progress);
      }
    } catch (FramingException e) {
      exchange.failClient(Failure.BODY_FRAMING);
    } catch (IOException e) {
      exchange.onGone(e);
    }
  }

  /** More is to come from the client, or the target has to take what it was given. */
  private void awaitBody(UpstreamConnection to, BodyProgress progress) {
    boolean waits = progress == BodyProgress.BLOCKED || response.responding();
    try {
      to.outlet().flush();
      to.deadline(waits ? idleNanos() : 0);
    } catch (IOException e) {
      onTargetUnwritable(e);
    }
  }

  private ToTarget bodyTo(UpstreamConnection to) {
    ToTarget present = body;
    if (present == null) {
      present = new ToTarget(downstream, to.outlet(), pipeline.limits().maxBody());
      body = present;
    }
    return present;
  }

  private void sendEnd(UpstreamConnection to) {
    try {
      requestDone = true;
      to.outlet().end(downstream.requestTrailers());
      to.outlet().flush();
      if (!response.responding()) {
        to.deadline(responseNanos());
      }
    } catch (IOException e) {
      onTargetUnwritable(e);
    }
  }

  /** How long the target has to begin its answer: less where another one would be asked then. */
  private long responseNanos() {
    long response = policies.timeouts().response().toNanos();
    long perTry = policies.retries().perTry().toNanos();
    hurried = perTry > 0 && perTry < response && exchange.retriesTimeouts();
    return hurried ? perTry : response;
  }

  @Override
  public void onTargetDrained() {
    sendBody();
  }

  // ---- await the head, relay ----

  @Override
  public void onResponseReadable() {
    UpstreamConnection from = connection;
    if (from == null || exchange.over()) {
      return;
    }
    try {
      response.pass(from);
    } catch (FramingException e) {
      observeFailure("its answer is malformed");
      exchange.failTarget(Failure.MALFORMED);
    } catch (IOException e) {
      onTargetBroken(e);
    }
  }

  long idleNanos() {
    return policies.timeouts().idle().toNanos();
  }

  /** The client has taken what it was given. */
  void onClientDrained() {
    UpstreamConnection from = connection;
    if (from != null && response.responding()) {
      from.resume();
      onResponseReadable();
    }
  }

  /**
   * The response is complete.
   *
   * @param reusable whether the target keeps the connection
   */
  void end(UpstreamConnection from, boolean reusable) {
    Head trailers = from.inlet().decoder().trailers();
    if (reusable && requestDone && !from.outlet().blocked()) {
      connection = null;
      from.release();
    }
    exchange.end(trailers);
  }

  /** The answer is tried elsewhere: it goes nowhere, and the claim is given back. */
  void dropAnswer() {
    UpstreamConnection from = connection;
    if (from != null && requestDone && !from.outlet().blocked() && response.drop(from)) {
      connection = null;
      from.release();
    }
    release();
  }

  // ---- faults ----

  @Override
  public void onTargetBroken(IOException cause) {
    if (exchange.over()) {
      return;
    }
    UpstreamConnection from = connection;
    LOG.debug("{} failed: {}", target, cause.toString());
    if (response.responding()) {
      exchange.abort();
    } else if (from != null && from.head().length == 0) {
      if (from.reused() && !anew && repeatable()) {
        connectAnew(from);
      } else {
        observeFailure("it breaks off: " + cause.getMessage());
        exchange.retryOrFail(Failure.BROKEN);
      }
    } else {
      observeFailure("it breaks off: " + cause.getMessage());
      exchange.fail(Failure.BROKEN);
    }
  }

  /**
   * The target has closed a kept connection when the request was on its way already: it may, and is
   * none the worse for it (RFC 9112, section 9.3.1). This counts as no attempt, and cannot happen
   * again, as it is a new connection that is asked for.
   */
  private void connectAnew(UpstreamConnection closed) {
    anew = true;
    connection = null;
    closed.discard();
    downstream.loop().counters().add(Counter.RETRIES);
    TargetState claimed = target;
    if (claimed != null) {
      connect(claimed);
    }
  }

  /** The target takes no more of the request: it may have answered before it closed. */
  @Override
  public void onTargetUnwritable(IOException cause) {
    UpstreamConnection from = connection;
    if (exchange.over() || from == null) {
      return;
    }
    from.inlet().readable();
    onResponseReadable();
    if (connection == from && !exchange.over() && !response.responding()) {
      onTargetBroken(cause); // else reading has told already that it is broken
    }
  }

  @Override
  public void onTargetTimeout() {
    UpstreamConnection late = connection;
    if (response.responding() || late == null) {
      exchange.failTarget(Failure.RESPONSE_TIMEOUT);
      return;
    }
    boolean again = exchange.takeRetry(Failure.RESPONSE_TIMEOUT);
    if (hurried && !again) {
      hurried = false; // nothing is left of the budget: it may take as long as any other
      late.deadline(
          policies.timeouts().response().toNanos() - policies.retries().perTry().toNanos());
      return;
    }
    observeFailure("no answer in time");
    if (again) {
      exchange.tryNext(Failure.RESPONSE_TIMEOUT);
    } else {
      exchange.failTarget(Failure.RESPONSE_TIMEOUT);
    }
  }

  /** What the target has cost this request counts against it. */
  private void observeFailure(String why) {
    pipeline.witness().failed(target, exchange.group(), why);
  }

  @Override
  public boolean holds(TargetState goes) {
    return target == goes;
  }

  /** The target has to go, and its time is over. */
  @Override
  public void onCut() {
    if (exchange.tunnelled()) {
      exchange.cutTunnel();
    } else if (response.responding()) {
      exchange.abort();
    } else {
      exchange.cut(sent);
    }
  }

  /** The request's time is over. */
  void onTotalTimeout() {
    if (requestDone && !response.responding()) {
      observeFailure("no answer in time");
    }
  }

  /** Gives back the claim and what is left of the connection. */
  void release() {
    connecting.cancel();
    connecting = Connector.Attempt.DONE;
    UpstreamConnection left = connection;
    connection = null;
    if (left != null) {
      left.discard();
    }
    TargetState claimed = target;
    target = null;
    if (claimed != null) {
      claimed.release();
    }
  }
}
