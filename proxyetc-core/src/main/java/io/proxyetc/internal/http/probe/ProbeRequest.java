package io.proxyetc.internal.http.probe;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.target.AddressState;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The request of an HTTP probe. */
final class ProbeRequest {
  private static final String USER_AGENT = "proxyetc-check";

  /** Those for which a server may want to be told that there is no body (RFC 9110, section 8.6). */
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private ProbeRequest() {}

  /** All of it: there is no body. */
  static byte[] bytes(AddressState address, HealthCheck check) {
    StringBuilder out = new StringBuilder(160);
    out.append(check.method()).append(' ').append(check.path()).append(" HTTP/1.1\r\n");
    field(out, "Host", check.host().orElse(address.address()));
    if (check.headers().keySet().stream().noneMatch("User-Agent"::equalsIgnoreCase)) {
      field(out, "User-Agent", USER_AGENT);
    }
    check.headers().forEach((name, value) -> field(out, name, value));
    if (WITH_BODY.contains(check.method())) {
      field(out, "Content-Length", "0");
    }
    field(out, "Connection", "close");
    return out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void field(StringBuilder out, String name, String value) {
    out.append(name).append(": ").append(value).append("\r\n");
  }
}
