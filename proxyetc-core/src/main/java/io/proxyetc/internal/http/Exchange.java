package io.proxyetc.internal.http;

import io.proxyetc.Timeouts;
import io.proxyetc.internal.http.connect.Connector;
import io.proxyetc.internal.http.connect.UpstreamConnection;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.http.relay.RequestRelay;
import io.proxyetc.internal.http.relay.ResponseRelay;
import io.proxyetc.internal.http.relay.Tunnel;
import io.proxyetc.internal.http.respond.Answers;
import io.proxyetc.internal.http.respond.Failure;
import io.proxyetc.internal.http.wire.FramingException;
import io.proxyetc.internal.http.wire.HeadParser;
import io.proxyetc.internal.http.wire.HeadWriter;
import io.proxyetc.internal.http.wire.Inlet;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.TargetEngines;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.StreamConnection;

/**
 * One request and its response. All on one IO thread.
 *
 * <pre>{@code
 * match --> pick, claim --> connect --> send --> await head --> relay --> end
 *   |           ^              |          |          |            |
 *   |           +--- next candidate, where that is safe           | cut
 *   v                                                             v
 * respond <--- no candidate left, time is up                    abort
 * }</pre>
 *
 * <p>The client may go away at any point: then whatever is under way at the target is cancelled.
 */
final class Exchange implements Downstream.Events, Connector.Client {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int CLIENT_GONE = 499;
  private static final int MAX_INTERIMS = 100; // per request

  private final HttpPipeline pipeline;
  private final Downstream downstream;
  private final IoLoop loop;
  private final Head head;
  private final RequestFacts facts;
  private final long started = System.nanoTime();

  // All below belong to the IO thread.
  private @Nullable RouteTable<HttpRoute> table;
  private @Nullable HttpRoute route;
  private @Nullable HttpGroup group;
  private @Nullable TargetState target; // claimed
  private Connector.Attempt connecting = Connector.Attempt.DONE;
  private @Nullable UpstreamConnection upstream;
  private @Nullable Timer total;
  private @Nullable Tunnel tunnel;
  private int candidate; // the balancer's attempt
  private int retries;
  private int interims; // answers before the final one
  private boolean secondRound; // this retry has asked the balancer from the start again
  private boolean upgrade; // the client asks for one
  private boolean sent; // bytes of the request went to the present target
  private boolean consumed; // bytes of the body were taken from the client
  private boolean requestDone; // the target has all of the request
  private boolean responding; // the final head of the target's response is here
  private boolean reusable; // the target keeps its connection
  private boolean untilClose; // the response's body ends when the target closes
  private boolean over;
  private long bodyIn;
  private long bodyOut;
  private int status;

  Exchange(HttpPipeline pipeline, Downstream downstream) {
    this.pipeline = pipeline;
    this.downstream = downstream;
    this.loop = downstream.loop();
    this.head = downstream.request();
    this.facts = new RequestFacts(downstream, pipeline.requests());
    loop.counters().add(Counter.STARTED);
    downstream.listen(this);
  }

  /** Answers what is no valid request. */
  void refuse(int refusedStatus, String text) {
    try {
      status = refusedStatus;
      over = true;
      Answers.write(downstream, refusedStatus, upperFirst(text) + ".", false);
    } catch (IOException e) {
      downstream.abort();
    }
    count();
  }

  private static String upperFirst(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  // ---- match ----

  void start() {
    if (head.methodIs("CONNECT") || head.methodIs("TRACE")) {
      fail(Failure.METHOD);
    } else if (loop.budget().exhausted()) {
      fail(Failure.OVERLOADED);
    } else {
      match();
    }
  }

  private void match() {
    table = pipeline.table();
    HttpRoute matched = table.match(facts);
    route = matched;
    if (matched == null) {
      fail(Failure.NO_ROUTE);
    } else if (matched.policies().redirectToHttps() && !downstream.client().secure()) {
      redirect();
    } else if (matched.leadsNowhere()) {
      fail(Failure.NO_TARGET);
    } else if (pipeline.requests().loops(head)) {
      fail(Failure.LOOP);
    } else {
      group = matched.nextGroup();
      upgrade = wantsUpgrade();
      Duration limit = matched.policies().timeouts().total();
      if (!limit.isZero() && total == null) {
        total = loop.wheel().timer(this::onTotalTimeout);
        total.set(limit.toNanos());
      }
      nextTarget(Failure.NO_TARGET);
    }
  }

  /** Whether the client asks to switch to another protocol than HTTP. */
  private boolean wantsUpgrade() {
    int i = head.upgrade && head.minorVersion == 1 ? head.find(FieldId.UPGRADE, 0) : -1;
    return i >= 0
        && !downstream.bodyPending()
        && !head.value(i).regionMatches(true, 0, "h2c", 0, 3);
  }

  private void redirect() {
    String host =
        new String(
            head.lookupHost,
            head.lookupHostFrom,
            head.lookupHostTo - head.lookupHostFrom,
            StandardCharsets.ISO_8859_1);
    if (host.isEmpty()) {
      refuse(400, "a redirect to https needs a Host");
      return;
    }
    try {
      status = head.methodIs("GET") || head.methodIs("HEAD") ? 301 : 308;
      over = true;
      Answers.redirect(downstream, "https://" + host + pipeline.httpsPort() + head.target());
    } catch (IOException e) {
      downstream.abort();
    }
    count();
  }

  // ---- pick, claim ----

  /**
   * Claims the next candidate.
   *
   * @param failure the answer when there is none
   */
  private void nextTarget(Failure failure) {
    HttpGroup from = group;
    if (from == null) {
      fail(Failure.INTERNAL);
      return;
    }
    TargetState lastResort = null; // its last connect failed, but nobody else is there
    for (int i = pick(from, failure); i >= 0; i = pick(from, failure)) {
      TargetState next = from.target(i);
      if (next.suspect() && next.skipped(System.nanoTime())) {
        lastResort = lastResort == null ? next : lastResort;
      } else if (next.tryClaim()) {
        connect(next, from.engines());
        return;
      }
    }
    if (lastResort != null && failure == Failure.NO_TARGET && lastResort.tryClaim()) {
      connect(lastResort, from.engines());
    } else if (table != pipeline.table() && failure == Failure.NO_TARGET) {
      restart();
    } else {
      fail(failure);
    }
  }

  /** The routes changed between look-up and claim, and all that was found is retiring. */
  private void restart() {
    candidate = 0;
    facts.previous = -1;
    match();
  }

  /** The next candidate; a retry that has been at all of them starts over, once. */
  private int pick(HttpGroup from, Failure failure) {
    int i = from.picker().pick(facts, candidate++);
    if (i < 0 && failure != Failure.NO_TARGET && !secondRound) {
      secondRound = true;
      candidate = 1;
      facts.previous = -1;
      i = from.picker().pick(facts, 0);
    }
    facts.previous = i;
    return i;
  }

  // ---- connect ----

  private void connect(TargetState claimed, @Nullable TargetEngines engines) {
    target = claimed;
    sent = false;
    Connector.Attempt attempt =
        pipeline
            .connector(loop)
            .connect(claimed.address(), engines, timeouts().connect().toNanos(), this);
    if (target == claimed && upstream == null) {
      connecting = attempt;
    }
  }

  private Timeouts timeouts() {
    HttpRoute present = route;
    return present == null ? Timeouts.DEFAULT : present.policies().timeouts();
  }

  @Override
  public void onFull() {
    releaseTarget();
    nextTarget(Failure.NO_TARGET);
  }

  @Override
  public void onConnectFailed(IOException cause) {
    TargetState failed = target;
    if (failed != null) {
      failed.connectFailed(System.nanoTime());
    }
    LOG.debug("no connection to {}: {}", failed, cause.toString());
    retryOrFail(
        cause instanceof SocketTimeoutException ? Failure.CONNECT_TIMEOUT : Failure.UNREACHABLE);
  }

  /** Nothing of the request was sent, or it may be sent again: design rule 8. */
  private void retryOrFail(Failure failure) {
    boolean safe = !consumed && !downstream.responded() && (!sent || head.idempotent());
    HttpRoute present = route;
    releaseTarget();
    if (safe && present != null && retries < present.policies().retries()) {
      retries++;
      secondRound = false;
      loop.counters().add(Counter.RETRIES);
      nextTarget(failure);
    } else {
      fail(failure);
    }
  }

  // ---- send ----

  @Override
  public void onConnected(UpstreamConnection connected) {
    connecting = Connector.Attempt.DONE;
    upstream = connected;
    TargetState claimed = target;
    HttpRoute present = route;
    if (over || claimed == null || present == null) {
      connected.discard();
      return;
    }
    claimed.connectSucceeded();
    try {
      send(connected, claimed, present);
    } catch (IOException e) {
      onTargetUnwritable(e);
    }
  }

  private void send(UpstreamConnection to, TargetState claimed, HttpRoute present)
      throws IOException {
    RequestRelay.Rules rules = present.policies().request();
    if (present.policies().hostOfTarget()) {
      byte[] host = claimed.target().address().getBytes(StandardCharsets.US_ASCII);
      rules = new RequestRelay.Rules(rules.fields(), rules.path(), host);
    }
    HeadWriter w = new HeadWriter(loop.scratch());
    pipeline.requests().write(w, downstream, rules, upgrade);
    to.beginHead();
    to.outlet().framing(head.chunked);
    to.outlet().head(w.bytes(), 0, w.length());
    sent = true;
    if (downstream.bodyPending()) {
      sendBody();
    } else {
      sendEnd(to);
    }
  }

  private void sendBody() {
    UpstreamConnection to = upstream;
    if (to == null || requestDone || over) {
      return;
    }
    ToTarget consumer = new ToTarget(to);
    try {
      BodyProgress progress = downstream.pump(consumer);
      if (consumer.broken != null) {
        onTargetUnwritable(consumer.broken);
      } else if (bodyIn > pipeline.limits().maxBody() && pipeline.limits().maxBody() > 0) {
        failClient(Failure.BODY_TOO_LARGE);
      } else if (progress == BodyProgress.DONE) {
        sendEnd(to);
      } else {
        to.outlet().flush();
        to.deadline(responding ? timeouts().idle().toNanos() : 0);
        if (progress == BodyProgress.BLOCKED) {
          to.deadline(timeouts().idle().toNanos());
        }
      }
    } catch (FramingException e) {
      failClient(Failure.BODY_FRAMING);
    } catch (IOException e) {
      onGone(e);
    }
  }

  private void sendEnd(UpstreamConnection to) {
    try {
      requestDone = true;
      to.outlet().end(downstream.requestTrailers());
      to.outlet().flush();
      if (!responding) {
        to.deadline(timeouts().response().toNanos());
      }
    } catch (IOException e) {
      onTargetUnwritable(e);
    }
  }

  /**
   * The request's body on its way to the target. Keeps the target's faults apart from the client's.
   */
  private final class ToTarget implements BodyConsumer {
    private final UpstreamConnection to;
    private @Nullable IOException broken;

    ToTarget(UpstreamConnection to) {
      this.to = to;
    }

    @Override
    public void piece(ByteBuffer piece, boolean whole) {
      consumed = true;
      bodyIn += piece.remaining();
      try {
        to.outlet().piece(piece, whole);
      } catch (IOException e) {
        broken = e;
      }
    }

    @Override
    public boolean blocked() {
      long max = pipeline.limits().maxBody();
      return broken != null || to.outlet().blocked() || (max > 0 && bodyIn > max);
    }
  }

  @Override
  public void onBodyReadable() {
    if (upstream != null) {
      sendBody();
    }
  }

  @Override
  public void onTargetDrained() {
    sendBody();
  }

  @Override
  public void onBodyTimeout() {
    failClient(Failure.BODY_TIMEOUT);
  }

  // ---- await the head ----

  @Override
  public void onResponseReadable() {
    UpstreamConnection from = upstream;
    if (from == null || over) {
      return;
    }
    try {
      if (responding || readHead(from)) {
        relayBody(from);
      }
    } catch (FramingException e) {
      failTarget(Failure.MALFORMED);
    } catch (IOException e) {
      onTargetBroken(e);
    }
  }

  /** Gives true when the final head is here and passed on. */
  private boolean readHead(UpstreamConnection from) throws IOException {
    for (; ; ) {
      int end = from.readHead();
      if (end == HeadParser.MORE) {
        return false;
      }
      if (end == Inlet.CLOSED) {
        throw new EOFException("closed before it answered");
      }
      if (end == HeadParser.FAULT) {
        LOG.debug("{} answers with a head that is refused: {}", target, from.fault());
        throw new FramingException(from.fault());
      }
      int answered = from.head().status;
      if (answered >= 200) {
        respond(from);
        return !over;
      }
      if (answered == 101) {
        switchProtocols(from);
        return false;
      }
      if (++interims > MAX_INTERIMS) {
        throw new FramingException("interim answers without end");
      }
      interim(from, answered);
      from.beginHead();
    }
  }

  private void interim(UpstreamConnection from, int answered) {
    try {
      if (answered == 100) {
        downstream.askForBody();
      } else {
        HeadSink sink = downstream.interim(answered);
        pipeline.responses().write(sink, from.head(), null);
        downstream.commitInterim();
      }
    } catch (IOException e) {
      onGone(e);
    }
  }

  /** Passes the head on, and prepares for the body. */
  private void respond(UpstreamConnection from) throws FramingException {
    Head answer = from.head();
    boolean bodyless = ResponseRelay.bodyless(answer.status, head.methodIs("HEAD"));
    if (bodyless) {
      from.inlet().decoder().none();
    } else if (answer.chunked) {
      from.inlet().decoder().chunked();
    } else if (answer.contentLength >= 0) {
      from.inlet().decoder().length(answer.contentLength);
    } else {
      from.inlet().decoder().untilClose();
    }
    untilClose = from.inlet().decoder().endsByClose();
    reusable = ResponseRelay.keepsAlive(answer) && !untilClose;
    responding = true;
    status = answer.status;
    if (group != null) {
      group.meter(loop.meters()).answered(status, System.nanoTime() - started);
    }
    HttpRoute present = route;
    try {
      HeadSink sink =
          downstream.response(answer.status, answer.bytes, answer.reasonFrom, answer.reasonTo);
      pipeline
          .responses()
          .write(sink, answer, present == null ? null : present.policies().response());
      downstream.commit(
          answer.status == 204 ? Downstream.UNKNOWN : answer.contentLength, !bodyless);
    } catch (IOException e) {
      onGone(e);
    }
  }

  // ---- relay ----

  private void relayBody(UpstreamConnection from) throws IOException {
    ToClient consumer = new ToClient();
    BodyProgress progress = from.inlet().pump(consumer);
    if (consumer.broken != null) {
      onGone(consumer.broken);
    } else if (progress == BodyProgress.DONE && untilClose && !from.endedCleanly()) {
      abort(); // TLS broke off: what came may not be all (RFC 9112, section 9.8)
    } else if (progress == BodyProgress.DONE) {
      end(from);
    } else {
      waitFor(from, progress);
    }
  }

  private void waitFor(UpstreamConnection from, BodyProgress progress) {
    try {
      boolean flushed = downstream.flush();
      if (progress == BodyProgress.BLOCKED || !flushed) {
        from.pause();
      }
      from.deadline(timeouts().idle().toNanos());
    } catch (IOException e) {
      onGone(e);
    }
  }

  /**
   * The response's body on its way to the client. Keeps the client's faults apart from the
   * target's.
   */
  private final class ToClient implements BodyConsumer {
    private @Nullable IOException broken;

    @Override
    public void piece(ByteBuffer piece, boolean whole) {
      bodyOut += piece.remaining();
      try {
        downstream.piece(piece, whole);
      } catch (IOException e) {
        broken = e;
      }
    }

    @Override
    public boolean blocked() {
      return broken != null || downstream.blocked();
    }
  }

  @Override
  public void onDrained() {
    UpstreamConnection from = upstream;
    if (from != null && responding) {
      from.resume();
      onResponseReadable();
    }
  }

  /** The response is complete. */
  private void end(UpstreamConnection from) {
    Head trailers = from.inlet().decoder().trailers();
    if (reusable && requestDone && !from.outlet().blocked()) {
      upstream = null;
      from.release();
    }
    over = true;
    release();
    try {
      count();
      downstream.end(trailers);
    } catch (IOException e) {
      downstream.abort();
    }
  }

  // ---- upgrade ----

  private void switchProtocols(UpstreamConnection from) throws IOException {
    if (!upgrade) {
      throw new FramingException("101 without having been asked");
    }
    status = 101;
    HeadSink sink = downstream.interim(101);
    pipeline.responses().write(sink, from.head(), null);
    ResponseRelay.writeUpgrade(sink, from.head());
    downstream.commitInterim();
    byte[] early = from.inlet().takeUnread();
    StreamConnection client = downstream.flush() ? downstream.upgrade() : null;
    if (client == null) {
      onGone(new IOException("the client took no answer"));
      return;
    }
    if (total != null) {
      total.remove();
    }
    long idle = timeouts().idle().toNanos();
    tunnel = new Tunnel(loop, client, from.take(), idle, this::onTunnelEnd);
    tunnel.start(early);
  }

  private void onTunnelEnd() {
    if (!over) {
      over = true;
      release();
      count();
    }
  }

  // ---- faults ----

  @Override
  public void onTargetBroken(IOException cause) {
    if (over) {
      return;
    }
    UpstreamConnection from = upstream;
    LOG.debug("{} failed: {}", target, cause.toString());
    if (responding) {
      abort();
    } else if (from != null && from.head().length == 0) {
      retryOrFail(Failure.BROKEN);
    } else {
      fail(Failure.BROKEN);
    }
  }

  /** The target takes no more of the request: it may have answered before it closed. */
  @Override
  public void onTargetUnwritable(IOException cause) {
    UpstreamConnection from = upstream;
    if (over || from == null) {
      return;
    }
    from.inlet().readable();
    onResponseReadable();
    if (!over && !responding) {
      onTargetBroken(cause);
    }
  }

  @Override
  public void onTargetTimeout() {
    failTarget(Failure.RESPONSE_TIMEOUT);
  }

  private void onTotalTimeout() {
    failTarget(Failure.RESPONSE_TIMEOUT);
  }

  private void failTarget(Failure failure) {
    if (responding) {
      abort();
    } else {
      fail(failure);
    }
  }

  private void failClient(Failure failure) {
    downstream.closeAfterwards();
    if (downstream.responded()) {
      abort();
    } else {
      fail(failure);
    }
  }

  private void fail(Failure failure) {
    if (over) {
      return;
    }
    over = true;
    status = failure.status();
    if (group != null && failure.source() == Failure.Source.UPSTREAM) {
      group.meter(loop.meters()).failed();
    }
    release();
    try {
      count();
      Answers.failure(downstream, failure);
    } catch (IOException e) {
      downstream.abort();
    }
  }

  /** The response cannot be completed: the client must notice. */
  private void abort() {
    if (!over) {
      over = true;
      release();
      count();
      downstream.abort();
    }
  }

  @Override
  public void onGone(Throwable cause) {
    if (over) {
      return;
    }
    over = true;
    if (!responding) {
      status = CLIENT_GONE;
    }
    release();
    count();
    downstream.abort();
  }

  // ---- the end ----

  /** Gives back the claim and what is left of the target's connection. */
  private void releaseTarget() {
    connecting.cancel();
    connecting = Connector.Attempt.DONE;
    UpstreamConnection left = upstream;
    upstream = null;
    if (left != null) {
      left.discard();
    }
    TargetState claimed = target;
    target = null;
    if (claimed != null) {
      claimed.release();
    }
  }

  private void release() {
    answeredBy = target;
    releaseTarget();
    if (total != null) {
      total.remove();
    }
  }

  private @Nullable TargetState answeredBy;

  private void count() {
    loop.counters().add(Counter.FINISHED);
    loop.counters().add(Counter.ofStatus(status));
    loop.counters().add(Counter.BYTES_IN, bodyIn);
    long took = System.nanoTime() - started;
    pipeline
        .log()
        .done(downstream, new ExchangeLog.Outcome(status, bodyOut, took, route, answeredBy));
  }
}
