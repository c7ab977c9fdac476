package io.proxyetc.internal.balance;

/** Where a balancer draws from. Safe for any thread, without lock and allocation. */
@FunctionalInterface
interface Chance {
  /** A number from 0 to {@code bound} - 1, each as likely as any other. */
  int next(int bound);
}
