package io.proxyetc.internal.tls;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A certificate that is served now, for people.
 *
 * @param names DNS names and addresses that it is for
 */
public record CertificateInfo(String subject, List<String> names, Instant notAfter, Path file) {}
