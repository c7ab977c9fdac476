package io.proxyetc.internal.table;

import io.proxyetc.Match;
import org.jspecify.annotations.Nullable;

/** What a route asks for beyond host and path. Immutable; most routes have none. */
final class Conditions {
  private final String[] headerNames;
  private final String[] headerValues;
  private final String[] methods;
  private final int port;

  private Conditions(Match match) {
    headerNames = match.headers().keySet().toArray(new String[0]);
    headerValues = match.headers().values().toArray(new String[0]);
    methods = match.methods().toArray(new String[0]);
    port = match.port();
  }

  /** The conditions of a match; null when it has none. */
  static @Nullable Conditions of(Match match) {
    boolean none = match.headers().isEmpty() && match.methods().isEmpty() && match.port() == 0;
    return none ? null : new Conditions(match);
  }

  boolean accept(RequestKey key) {
    return (port == 0 || port == key.listenerPort()) && acceptMethod(key) && acceptHeaders(key);
  }

  private boolean acceptMethod(RequestKey key) {
    for (String method : methods) {
      if (key.methodIs(method)) {
        return true;
      }
    }
    return methods.length == 0;
  }

  private boolean acceptHeaders(RequestKey key) {
    for (int i = 0; i < headerNames.length; i++) {
      if (!key.headerIs(headerNames[i], headerValues[i])) {
        return false;
      }
    }
    return true;
  }
}
