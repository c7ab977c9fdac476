package io.proxyetc.internal.balance;

import io.proxyetc.spi.RequestView;

/**
 * A request as the built-in balancers see it: with hashes ({@link Hash64}) of what it says, for
 * which no String is made.
 */
public interface HashView extends RequestView {
  /** Of the client's address. */
  long clientHash();

  /** Of the path in normal form, without query. */
  long pathHash();

  /** Of the first value of a field; 0 where there is none, or nothing in it. */
  long headerHash(String lowerCaseName);

  /** Of the first cookie of this name; 0 where there is none, or nothing in it. */
  long cookieHash(String name);
}
