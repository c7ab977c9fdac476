package io.proxyetc.internal.health;

/** A number that one thread raises and any can read. */
final class Count {
  private volatile long value;

  void add() {
    long before = value; // nobody else writes it
    value = before + 1;
  }

  long get() {
    return value;
  }
}
