package io.proxyetc.internal.balance;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes wrong in a user's balancer: counted each time, logged the first time. */
final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(Balancers.class);

  private final String name;
  private final AtomicBoolean logged = new AtomicBoolean();
  private final LongAdder count = new LongAdder();

  Faults(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  long count() {
    return count.sum();
  }

  void count(String what) {
    count.increment();
    if (logged.compareAndSet(false, true)) {
      LOG.error("balancer {}: {} (further faults are counted, not logged)", name, what);
    }
  }

  void count(String what, Throwable cause) {
    count.increment();
    if (logged.compareAndSet(false, true)) {
      LOG.error("balancer {}: {} (further faults are counted, not logged)", name, what, cause);
    }
  }
}
