package io.proxyetc.internal.balance;

import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.RequestView;

/** For a list of one target: the most frequent case needs neither sequence nor cursor. */
enum OnlyTarget implements Balancer.Picker {
  INSTANCE;

  @Override
  public int pick(RequestView request, int attempt) {
    return attempt == 0 ? 0 : -1;
  }
}
