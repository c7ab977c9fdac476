package io.proxyetc.internal.http;

import io.proxyetc.ProxyException;
import io.proxyetc.internal.http.loop.EndOfTurn;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.http.relay.Tunnel;
import io.proxyetc.internal.http.respond.Answer;
import io.proxyetc.internal.http.respond.Failure;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.internal.target.RateLimiter;
import io.proxyetc.internal.target.TargetState;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response. All on one IO thread.
 *
 * <pre>{@code
 * match --> pick, claim --> connect --> send --> await head --> relay --> end
 *   |           ^              |          |          |            |
 *   |    wait --+--- next candidate, where that is safe           | cut
 *   v                                                             v
 * respond <--- no candidate left, time is up                    abort
 * }</pre>
 *
 * <p>The client may go away at any point: then whatever is under way at the target is cancelled.
 */
final class Exchange implements Downstream.Events, EndOfTurn.Member {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int CLIENT_GONE = 499;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpPipeline pipeline;
  private final Downstream downstream;
  private final IoLoop loop;
  private final Candidates candidates;
  private final Upstream upstream;
  private final long started = System.nanoTime();

  // All below belong to the IO thread.
  private @Nullable RouteTable<HttpRoute> table;
  private @Nullable HttpRoute route;
  private @Nullable HttpGroup group;
  private @Nullable HttpRoute routed; // for which the group was drawn
  private @Nullable Timer total;
  private @Nullable TargetState answeredBy;
  private @Nullable Tunnel tunnel;
  private @Nullable Waiting waiting; // made when it first waits
  private boolean over;
  private int status;

  Exchange(HttpPipeline pipeline, Downstream downstream) {
    this.pipeline = pipeline;
    this.downstream = downstream;
    this.loop = downstream.loop();
    this.candidates = new Candidates(downstream, pipeline.clients());
    this.upstream = new Upstream(this, pipeline, downstream);
    loop.counters().add(Counter.STARTED);
    downstream.listen(this);
  }

  /** Answers what is no valid request. */
  void refuse(int refusedStatus, String text) {
    answer(Answer.of(downstream.request(), refusedStatus, upperFirst(text) + "."));
  }

  private static String upperFirst(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  // ---- match ----

  /**
   * Begins at the end of this turn, together with others. Not so where a body has begun to come: it
   * would have to be set aside.
   */
  void start() {
    if (downstream.bodyPending()) {
      EndOfTurn.now(this);
    } else {
      loop.endOfTurn().join(this);
    }
  }

  @Override
  public void prepare() {
    RouteTable<HttpRoute> current = pipeline.table();
    table = current;
    route = current.match(candidates);
  }

  @Override
  public void proceed() {
    Head head = downstream.request();
    if (over) {
      return; // the client has gone in the meantime
    }
    if (head.methodIs("CONNECT") || head.methodIs("TRACE")) {
      fail(Failure.METHOD);
    } else if (loop.budget().exhausted()) {
      fail(Failure.OVERLOADED);
    } else {
      follow();
    }
  }

  @Override
  public void failed(Throwable fault) {
    LOG.error("a request from {} failed inside the proxy", downstream.client().peer(), fault);
    if (over) {
      downstream.abort(); // it has half an answer, perhaps
    } else if (downstream.responded()) {
      abort();
    } else {
      fail(Failure.INTERNAL);
    }
  }

  /** Goes the way that the look-up has found. */
  private void follow() {
    HttpRoute matched = route;
    if (matched == null) {
      fail(Failure.NO_ROUTE);
    } else if (matched.policies().redirectToHttps() && !pipeline.clients().secure(downstream)) {
      answer(ToHttps.answer(downstream.request(), pipeline.httpsPort()));
    } else if (matched.leadsNowhere()) {
      fail(Failure.ONLY_REDIRECTS);
    } else if (pipeline.requests().loops(downstream.request())) {
      fail(Failure.LOOP);
    } else if (!tooMany(matched)) {
      if (group == null || routed != matched) {
        group = candidates.group(matched);
        routed = matched;
      } else {
        candidates.stay(); // to draw again would take from the share of other groups
      }
      upstream.follow(matched.policies());
      Duration limit = matched.policies().timeouts().total();
      if (!limit.isZero() && total == null) {
        total = loop.wheel().timer(this::onTotalTimeout);
        total.set(limit.toNanos());
      }
      nextTarget(Failure.NO_TARGET);
    }
  }

  /** Answers what is beyond the rate limit. A request is counted once, whatever it goes through. */
  private boolean tooMany(HttpRoute matched) {
    RateLimiter limiter = matched.policies().limiter();
    long nanos = limiter == null || group != null ? 0 : limiter.take(candidates);
    if (nanos == 0) {
      return false;
    }
    loop.counters().add(Counter.RATE_LIMITED);
    long seconds = (nanos + NANOS - 1) / NANOS;
    answer(Answer.of(downstream.request(), Failure.TOO_MANY, seconds));
    return true;
  }

  // ---- pick, claim, connect ----

  /**
   * Claims the next candidate.
   *
   * @param failure the answer when there is none
   */
  void nextTarget(Failure failure) {
    HttpGroup from = group;
    if (from == null) {
      fail(Failure.INTERNAL);
      return;
    }
    if (waiting != null) {
      waiting.goesTo(from);
    }
    TargetState claimed;
    try {
      claimed = candidates.claim(from, failure != Failure.NO_TARGET);
    } catch (ProxyException e) { // the balancer's fault, counted already
      fail(Failure.INTERNAL);
      return;
    }
    if (claimed != null) {
      upstream.connect(claimed, from.engines());
    } else if (outdated()) {
      pickAgain(); // the routes changed meanwhile, and all that was found is retiring
    } else if (candidates.full()) {
      waitForRoom(from);
    } else {
      fail(failure);
    }
  }

  private void waitForRoom(HttpGroup from) {
    Waiting present = waiting;
    if (present == null) {
      present = new Waiting(this, candidates, loop);
      waiting = present;
    }
    present.enter(from);
  }

  /** The target that is claimed has no connection left. */
  void onTargetFull() {
    candidates.noSocket();
    nextTarget(Failure.NO_TARGET);
  }

  /** The target that is claimed has room for the request; or it needs none any more. */
  void stopWaiting() {
    if (waiting != null) {
      waiting.end();
    }
  }

  /** Picks from the start, with what is live now; while it picks already. */
  void pickAgain() {
    candidates.restart();
    prepare();
    follow();
  }

  /** Whether other routes are live than those that it was matched with. */
  boolean outdated() {
    return table != pipeline.table();
  }

  /** A target failed: another one may be tried where that is safe. */
  void retryOrFail(Failure failure) {
    retryOrFail(failure, false);
  }

  /**
   * The same, where it is known whether the target had any work of it.
   *
   * @param refused whether it took not even the connection
   */
  void retryOrFail(Failure failure, boolean refused) {
    if (takeRetry(failure, refused)) {
      tryNext(failure);
    } else {
      upstream.release();
      fail(failure);
    }
  }

  /**
   * The target has to go before it answered: whoever is there in its place may answer.
   *
   * @param sent whether something of the request was sent to it: only then this counts as a retry
   */
  void cut(boolean sent) {
    if (group == null || !upstream.repeatable()) {
      fail(Failure.CUT);
    } else if (!sent) {
      tryNext(Failure.NO_TARGET);
    } else if (candidates.mayRetry(upstream.policies().retries().attempts())) {
      loop.counters().add(Counter.RETRIES); // an operator's doing, and no burden on the budget
      candidates.retry(upstream.target());
      tryNext(Failure.NO_TARGET);
    } else {
      fail(Failure.CUT);
    }
  }

  /** Whether the request is to be tried again after this; then {@link #tryNext} follows. */
  boolean takeRetry(Failure failure) {
    return takeRetry(failure, false);
  }

  private boolean takeRetry(Failure failure, boolean refused) {
    HttpGroup from = group;
    return from != null && Retrying.take(from, upstream, candidates, loop, failure, refused);
  }

  void tryNext(Failure failure) {
    upstream.release();
    nextTarget(failure);
  }

  /** Whether it would be tried again if the target did not answer in time. */
  boolean retriesTimeouts() {
    return Retrying.afterTimeout(upstream, candidates);
  }

  /** Whether an answer is tried elsewhere instead: then nothing of it must be used. */
  boolean answerElsewhere(int answeredStatus) {
    HttpGroup from = group;
    TargetState other =
        from == null ? null : Retrying.claimOther(from, upstream, candidates, loop, answeredStatus);
    if (from == null || other == null) {
      return false;
    }
    pipeline.witness().answered(upstream.target(), from, answeredStatus);
    upstream.dropAnswer();
    upstream.connect(other, from.engines());
    return true;
  }

  // ---- relay, respond ----

  /** The target's final head is here. */
  void answered(int answeredStatus) {
    status = answeredStatus;
    pipeline.witness().answered(upstream.target(), group, status);
    if (group != null) {
      group.answered(loop.meters(), status, System.nanoTime() - started);
    }
  }

  /** Keeps the client at the target that answers, where the route has sticky sessions. */
  void keepClient(HeadSink head) {
    candidates.keep(upstream.policies().session(), upstream.target(), head);
  }

  /** The target's response is complete. */
  void end(@Nullable Head trailers) {
    over = true;
    release();
    try {
      count();
      downstream.end(trailers);
    } catch (IOException e) {
      downstream.abort();
    }
  }

  /** Both connections have left HTTP. */
  void upgraded(Tunnel made) {
    status = 101;
    tunnel = made;
    pipeline.witness().answered(upstream.target(), group, status);
    if (total != null) {
      total.remove();
    }
  }

  boolean tunnelled() {
    return tunnel != null;
  }

  /** The target has to go. */
  void cutTunnel() {
    if (tunnel != null) {
      tunnel.end();
    }
  }

  void onTunnelEnd() {
    if (!over) {
      over = true;
      release();
      count();
    }
  }

  @Override
  public void onBodyReadable() {
    upstream.sendBody();
  }

  @Override
  public void onDrained() {
    upstream.onClientDrained();
  }

  @Override
  public void onBodyTimeout() {
    failClient(Failure.BODY_TIMEOUT);
  }

  // ---- faults ----

  private void onTotalTimeout() {
    upstream.onTotalTimeout();
    failTarget(Failure.RESPONSE_TIMEOUT);
  }

  void failTarget(Failure failure) {
    if (upstream.responding()) {
      abort();
    } else {
      fail(failure);
    }
  }

  void failClient(Failure failure) {
    downstream.closeAfterwards();
    if (downstream.responded()) {
      abort();
    } else {
      fail(failure);
    }
  }

  void fail(Failure failure) {
    if (over) {
      return;
    }
    over = true; // nothing that is released below shall fail it again
    if (group != null && failure.source() == Failure.Source.UPSTREAM) {
      group.failed(loop.meters());
    }
    release();
    answer(Answer.of(downstream.request(), failure));
  }

  /** Ends the exchange with an answer of the proxy's own. */
  private void answer(Answer answer) {
    over = true;
    stopWaiting();
    status = answer.status();
    count(answer.bytes()); // before the answer: then the connection may go on to its next request
    try {
      answer.write(downstream);
    } catch (IOException e) {
      downstream.abort();
    }
  }

  /** The response cannot be completed: the client must notice. */
  void abort() {
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
    if (tunnel != null) {
      tunnel.end();
      return;
    }
    over = true;
    if (!upstream.responding()) {
      status = CLIENT_GONE;
    }
    release();
    count();
    downstream.abort();
  }

  // ---- the end ----

  /** The group whose targets it may go to; null before it was matched. */
  @Nullable HttpGroup group() {
    return group;
  }

  boolean over() {
    return over;
  }

  private void release() {
    answeredBy = upstream.target();
    upstream.release();
    stopWaiting();
    if (total != null) {
      total.remove();
    }
  }

  private void count() {
    count(upstream.bodyOut());
  }

  /**
   * @param bytesOut of body, to the client
   */
  private void count(long bytesOut) {
    loop.counters().add(Counter.FINISHED);
    loop.counters().add(Counter.ofStatus(status));
    loop.counters().add(Counter.BYTES_IN, upstream.bodyIn());
    long took = System.nanoTime() - started;
    pipeline
        .log()
        .done(downstream, new ExchangeLog.Outcome(status, bytesOut, took, route, answeredBy));
  }
}
