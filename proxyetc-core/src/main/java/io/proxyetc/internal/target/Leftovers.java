package io.proxyetc.internal.target;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * What may have come to its end on an IO thread: addresses without sockets, retired targets without
 * requests. The registry looks at them again under its lock, so that no IO thread ever takes it.
 */
final class Leftovers {
  private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();

  void add(AddressState address) {
    queue.add(address);
  }

  void add(TargetState target) {
    queue.add(target);
  }

  /** Hands out what is there. */
  void drain(Consumer<TargetState> targets, Consumer<AddressState> addresses) {
    for (Object next = queue.poll(); next != null; next = queue.poll()) {
      if (next instanceof TargetState target) {
        targets.accept(target);
      } else {
        addresses.accept((AddressState) next);
      }
    }
  }
}
