package io.proxyetc.internal.http.frames;

import java.util.concurrent.TimeUnit;

/**
 * Counts what an honest client sends seldom, over spans of ten seconds: resets (RFC 9113, section
 * 10.5), and frames that move nothing forward.
 */
public final class FloodGuard {
  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MAX_RESETS = 200;
  private static final int MAX_IDLE_FRAMES = 2_000;

  private long began = System.nanoTime();
  private int resets;
  private int idleFrames;

  /** A request was given up after it had begun: by the client, or because the client broke it. */
  public void reset() throws Http2Exception {
    if (++resets > MAX_RESETS && stillSameSpan()) {
      throw Http2Exception.connection(ErrorCode.ENHANCE_YOUR_CALM, "too many streams are reset");
    }
  }

  /** A frame that moves nothing forward: PING, SETTINGS, PRIORITY, empty DATA, tiny windows. */
  public void idleFrame() throws Http2Exception {
    if (++idleFrames > MAX_IDLE_FRAMES && stillSameSpan()) {
      throw Http2Exception.connection(ErrorCode.ENHANCE_YOUR_CALM, "too many frames without use");
    }
  }

  private boolean stillSameSpan() {
    long now = System.nanoTime();
    if (now - began < SPAN_NANOS) {
      return true;
    }
    began = now;
    resets = 0;
    idleFrames = 0;
    return false;
  }
}
