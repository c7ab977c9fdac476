package io.proxyetc.internal.table;

/** What a look-up wants to know of a request. Asked on IO threads: nothing here allocates. */
public interface RequestKey {
  /** Holds the host: lower case, without port or trailing dot, an IPv6 literal in brackets. */
  byte[] hostBytes();

  /** Where the host begins in {@link #hostBytes}. */
  int hostFrom();

  /** Where the host ends; the range is empty when there is none. */
  int hostTo();

  /** Holds the path in normal form, without query. */
  byte[] pathBytes();

  /** Where the path begins in {@link #pathBytes}. */
  int pathFrom();

  /** Where the path ends. */
  int pathTo();

  /** Whether this is the request's method. */
  boolean methodIs(String upperCase);

  /** Whether the request has a field of this name and value; {@code *}: whatever the value. */
  boolean headerIs(String lowerCaseName, String value);

  /** The port of the listener that the request came in by. */
  int listenerPort();
}
