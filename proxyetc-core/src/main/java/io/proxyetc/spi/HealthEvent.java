package io.proxyetc.spi;

import java.time.Instant;

/**
 * An edge: something changed from one state to another.
 *
 * @param kind what
 * @param subject which: a store, a certificate file, a target
 * @param detail a sentence for people
 * @param at when, by the wall clock
 */
public record HealthEvent(Kind kind, String subject, String detail, Instant at) {
  /** What changed. */
  public enum Kind {
    /** The store went away: what is live goes on, writes are refused. */
    STORE_LOST,
    /** The store is back. */
    STORE_FOUND,
    /**
     * A file of certificates, of listeners or of trust, changed into something that cannot be used;
     * the last good one serves on.
     */
    CERTIFICATE_REFUSED,
    /** A file of certificates changed, and serves new handshakes. */
    CERTIFICATE_RELOADED
  }
}
