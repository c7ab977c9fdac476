package io.proxyetc.internal.http;

import io.proxyetc.internal.http.connect.UpstreamConnection;
import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.http.relay.ResponseRelay;
import io.proxyetc.internal.http.wire.FramingException;
import io.proxyetc.internal.http.wire.HeadFault;
import io.proxyetc.internal.http.wire.HeadParser;
import io.proxyetc.internal.http.wire.Inlet;
import io.proxyetc.internal.target.TargetState;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The target's response on its way to the client. Keeps the client's faults apart from the
 * target's. All on one IO thread.
 *
 * <pre>{@code
 *    1xx: passed on
 *     \__/
 * await head --final head--> relay body --> end
 *     |                         | cut
 *     | 101: Upgrade            v
 *     v                       abort
 * }</pre>
 */
final class ToClient implements BodyConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(ToClient.class);
  private static final int MAX_INTERIMS = 100; // per request

  private final Exchange exchange;
  private final Upstream upstream;
  private final HttpPipeline pipeline;
  private final Downstream downstream;

  // All below belong to the IO thread.
  private int interims; // answers before the final one
  private boolean responding; // the final head is here
  private boolean reusable; // the target keeps its connection
  private boolean untilClose; // the body ends when the target closes
  private long bytes; // of the body
  private @Nullable IOException broken; // the client took no more

  ToClient(Exchange exchange, Upstream upstream, HttpPipeline pipeline, Downstream downstream) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.pipeline = pipeline;
    this.downstream = downstream;
  }

  boolean responding() {
    return responding;
  }

  long bytes() {
    return bytes;
  }

  /**
   * Passes on what is there.
   *
   * @throws IOException the target's fault
   */
  void pass(UpstreamConnection from) throws IOException {
    try {
      if (responding || readHead(from)) {
        relayBody(from);
      }
    } catch (FramingException e) {
      refused(e);
      throw e;
    }
  }

  /** Says which target it is that answers so, now and then only: there may be many answers. */
  private void refused(FramingException fault) {
    TargetState target = upstream.target();
    if (target != null && target.mayWarn(System.nanoTime())) {
      LOG.warn(
          "route {}: target {}: its answer is refused: {}; told again after a minute at the soonest",
          target.routeId(),
          target,
          named(String.valueOf(fault.getMessage())));
    }
  }

  /** With the limit that would have to be another one. */
  private String named(String fault) {
    if (fault.equals(HeadFault.HEAD_TOO_LARGE.text())) {
      return fault + " (limits.maxResponseHead is " + pipeline.limits().maxResponseHead() + ")";
    }
    return fault.equals(HeadFault.TOO_MANY_FIELDS.text())
        ? fault + " (limits.maxFields is " + pipeline.limits().maxFields() + ")"
        : fault;
  }

  // ---- await the head ----

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
        throw new FramingException(from.fault());
      }
      int answered = from.head().status;
      if (answered >= 200) {
        respond(from);
        return !exchange.over();
      }
      if (answered == 101) {
        if (!upstream.upgradeAsked() || !Upgrade.agreed(downstream.request(), from.head())) {
          throw new FramingException("101 to what was not asked for");
        }
        Upgrade.switchProtocols(
            exchange, pipeline.responses(), downstream, from, upstream.idleNanos());
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
        Head head = from.head();
        HeadSink sink = downstream.interim(answered, head.bytes, head.reasonFrom, head.reasonTo);
        pipeline.responses().write(sink, head, null);
        downstream.commitInterim();
      }
    } catch (IOException e) {
      exchange.onGone(e);
    }
  }

  /** Passes the head on, and prepares for the body. */
  private void respond(UpstreamConnection from) throws FramingException {
    Head answer = from.head();
    boolean bodyless = ResponseRelay.bodyless(answer.status, downstream.request().methodIs("HEAD"));
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
    exchange.answered(answer.status);
    try {
      HeadSink sink =
          downstream.response(answer.status, answer.bytes, answer.reasonFrom, answer.reasonTo);
      pipeline.responses().write(sink, answer, upstream.policies().response());
      exchange.keepClient(sink);
      downstream.commit(
          answer.status == 204 ? Downstream.UNKNOWN : answer.contentLength, !bodyless);
    } catch (IOException e) {
      exchange.onGone(e);
    }
  }

  // ---- relay ----

  private void relayBody(UpstreamConnection from) throws IOException {
    BodyProgress progress = from.inlet().pump(this);
    if (broken != null) {
      exchange.onGone(broken);
    } else if (progress == BodyProgress.DONE && untilClose && !from.endedCleanly()) {
      exchange.abort(); // TLS broke off: what came may not be all (RFC 9112, section 9.8)
    } else if (progress == BodyProgress.DONE) {
      upstream.end(from, reusable);
    } else {
      waitFor(from, progress);
    }
  }

  @Override
  public void piece(ByteBuffer piece, boolean whole) {
    bytes += piece.remaining();
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

  private void waitFor(UpstreamConnection from, BodyProgress progress) {
    try {
      boolean flushed = downstream.flush();
      if (progress == BodyProgress.BLOCKED || !flushed) {
        from.pause();
      }
      from.deadline(upstream.idleNanos());
    } catch (IOException e) {
      exchange.onGone(e);
    }
  }
}
