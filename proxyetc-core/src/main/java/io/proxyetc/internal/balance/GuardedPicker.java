package io.proxyetc.internal.balance;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.RequestView;

/** Stands between the data path and a picker that somebody else wrote. */
final class GuardedPicker implements Balancer.Picker {
  private final Balancer.Picker picker;
  private final int size;
  private final Faults faults;

  GuardedPicker(Balancer.Picker picker, int size, Faults faults) {
    this.picker = picker;
    this.size = size;
    this.faults = faults;
  }

  @Override
  public int pick(RequestView request, int attempt) {
    int index = ask(request, attempt);
    if (index < -1 || index >= size) {
      faults.count("picked index " + index + " of " + size + " targets: taken for 'none left'");
      return -1;
    }
    return index;
  }

  private int ask(RequestView request, int attempt) {
    try {
      return picker.pick(request, attempt);
    } catch (Throwable e) { // also a checked exception, which other languages may throw anywhere
      faults.count("could not pick", e);
      throw new ProxyException("balancer " + faults.name() + ": could not pick a target: " + e, e);
    }
  }
}
