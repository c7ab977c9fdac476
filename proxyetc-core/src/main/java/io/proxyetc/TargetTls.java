package io.proxyetc;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the https targets of a group are verified.
 *
 * @param trust PEM file of the certificates that are trusted; empty: the JVM's trust store. It is
 *     watched: a change counts for new connections. A relative path starts from the working
 *     directory; {@link Route#filesFrom} makes it start from another
 * @param verify whether chain and name are verified; switch it off only in a closed network
 * @param serverName the name sent (SNI) and verified; empty: the target's host
 */
public record TargetTls(Optional<Path> trust, boolean verify, Optional<String> serverName) {
  /** The JVM's trust store, with chain and name verified. */
  public static final TargetTls DEFAULT = new TargetTls(Optional.empty(), true, Optional.empty());

  /** Trusts the certificates of a PEM file, and verifies the name. */
  public static TargetTls trusting(Path pem) {
    return new TargetTls(Optional.of(pem), true, Optional.empty());
  }

  /** Neither chain nor name are verified: for closed networks only. */
  public static TargetTls unverified() {
    return new TargetTls(Optional.empty(), false, Optional.empty());
  }

  /** The same with an absolute trust file: a relative one starts from the directory. */
  TargetTls filesFrom(Path directory) {
    return trust.isEmpty() || trust.get().isAbsolute()
        ? this
        : new TargetTls(
            trust.map(file -> directory.toAbsolutePath().resolve(file).normalize()),
            verify,
            serverName);
  }
}
