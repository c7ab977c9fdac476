package io.proxyetc.internal.balance;

import io.proxyetc.Balancing;

/** What of a request is hashed. */
@FunctionalInterface
interface HashKey {
  /** Its hash; that of the client's address where the request has no such thing. */
  long of(HashView request);

  static HashKey of(Balancing balancing) {
    String key = balancing.key();
    return switch (balancing.by()) {
      case CLIENT -> HashView::clientHash;
      case PATH -> HashView::pathHash;
      case HEADER -> request -> orClient(request.headerHash(key), request);
      case COOKIE -> request -> orClient(request.cookieHash(key), request);
    };
  }

  private static long orClient(long hash, HashView request) {
    return hash != 0 ? hash : request.clientHash();
  }
}
