package io.proxyetc.internal.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Protocols and cipher suites: forward secrecy and authenticated encryption only. AES-128-GCM comes
 * first, being the cheapest where the processor knows AES, and safe.
 */
final class Suites {
  static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  private static final List<String> PREFERRED =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private Suites() {}

  static String[] protocols() {
    return PROTOCOLS.toArray(new String[0]);
  }

  /** What a listener offers. */
  static String[] server(SSLContext context) {
    Set<String> supported = Set.of(context.getSupportedSSLParameters().getCipherSuites());
    List<String> suites = new ArrayList<>(PREFERRED);
    suites.retainAll(supported);
    return suites.toArray(new String[0]);
  }

  /** What targets are offered: the same first, then whatever else the JVM finds good enough. */
  static String[] client(SSLContext context) {
    Set<String> suites = new LinkedHashSet<>(List.of(server(context)));
    suites.addAll(Arrays.asList(context.getDefaultSSLParameters().getCipherSuites()));
    return suites.toArray(new String[0]);
  }
}
