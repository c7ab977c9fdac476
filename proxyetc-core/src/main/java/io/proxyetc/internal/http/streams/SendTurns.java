package io.proxyetc.internal.http.streams;

import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FrameOutlet;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.frames.Http2Exception;
import java.util.ArrayDeque;

/**
 * Who may send DATA on a connection: its window, which all streams share, and the line of those
 * that wait for it, or for the socket. They take turns of one frame each, so that all advance.
 */
final class SendTurns {
  private final FrameOutlet out;
  private final ArrayDeque<ResponseBody> waiting = new ArrayDeque<>();
  private long window = Frames.DEFAULT_WINDOW;
  private boolean serving; // resume() is on the stack

  SendTurns(FrameOutlet out) {
    this.out = out;
  }

  /** How many bytes of DATA may be sent now. */
  long sendable() {
    return out.blocked() ? 0 : window;
  }

  /** So many were sent. */
  void sent(int bytes) {
    window -= bytes;
  }

  /** The client opens the connection's window. */
  void widen(int bytes) throws Http2Exception {
    window += bytes;
    if (window > Integer.MAX_VALUE) {
      throw Http2Exception.connection(
          ErrorCode.FLOW_CONTROL_ERROR, "the connection's window is too large");
    }
  }

  /** Puts a body in line for its turn. */
  void await(ResponseBody body) {
    if (!body.queued) {
      body.queued = true;
      waiting.add(body);
    }
  }

  /** Gives each that waits its turn, round and round, as long as there is room. */
  void resume() {
    if (serving) {
      return;
    }
    serving = true;
    try {
      while (sendable() > 0) {
        ResponseBody next = waiting.poll();
        if (next == null) {
          return;
        }
        next.queued = false;
        next.onTurn();
      }
    } finally {
      serving = false;
    }
  }

  /** The connection is closed. */
  void clear() {
    waiting.clear();
  }
}
