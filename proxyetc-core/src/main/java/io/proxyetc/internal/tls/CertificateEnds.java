package io.proxyetc.internal.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Tells of certificates that end soon: of each at 30, 7 and 1 days before its end, and at the end.
 * What is passed already when it is first seen is told as one. For one thread.
 */
final class CertificateEnds {
  private static final int[] DAYS = {30, 7, 1, 0};
  private static final long A_DAY = TimeUnit.DAYS.toNanos(1);

  private final FileNews news;

  /** How many of the days are told, of each that is served. */
  private Map<X509Certificate, Integer> told = Map.of();

  private long lookedAt;

  CertificateEnds(FileNews news) {
    this.news = news;
  }

  /** Looks at what is served, if the last time was a day ago. */
  void daily(List<Identity> served, long nanos) {
    if (nanos - lookedAt >= A_DAY) {
      look(served, nanos);
    }
  }

  /** Looks at what is served. */
  void look(List<Identity> served, long nanos) {
    lookedAt = nanos;
    Instant now = news.clock().instant();
    Map<X509Certificate, Integer> next = new HashMap<>();
    for (Identity identity : served) {
      int before = told.getOrDefault(identity.leaf(), 0);
      int passed = passed(identity, now);
      if (passed > before) {
        news.ends(identity.pem().certificate().toString(), text(identity, DAYS[passed - 1]));
      }
      next.put(identity.leaf(), Math.max(before, passed));
    }
    told = next;
  }

  /** How many of the days have come. */
  private static int passed(Identity identity, Instant now) {
    Instant end = identity.leaf().getNotAfter().toInstant();
    int count = 0;
    while (count < DAYS.length && !now.isBefore(end.minus(Duration.ofDays(DAYS[count])))) {
      count++;
    }
    return count;
  }

  private static String text(Identity identity, int days) {
    Instant end = identity.leaf().getNotAfter().toInstant();
    String certificate = "the certificate for " + String.join(", ", identity.names());
    return days == 0
        ? certificate + " ended at " + end + ": clients refuse it; renew it"
        : certificate
            + " ends at "
            + end
            + ", within "
            + days
            + (days == 1 ? " day" : " days")
            + ": renew it";
  }
}
