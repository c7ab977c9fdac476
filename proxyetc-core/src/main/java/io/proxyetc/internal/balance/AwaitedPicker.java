package io.proxyetc.internal.balance;

import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.RequestView;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A picker in the place of one that is not there yet. */
final class AwaitedPicker implements Balancer.Picker {
  private final CountDownLatch settled = new CountDownLatch(1);

  /** First the one that stands in. Written on the balancer's thread. */
  private volatile Balancer.Picker picker;

  AwaitedPicker(Balancer.Picker standIn) {
    this.picker = standIn;
  }

  void becomes(Balancer.Picker prepared) {
    picker = prepared;
  }

  /** It stays what it is now. */
  void settle() {
    settled.countDown();
  }

  /** Waits until it stays what it is; false where that takes too long. */
  boolean settled(Duration patience) {
    try {
      return settled.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return settled.getCount() == 0;
    }
  }

  /** Itself, or what it has become where that is known: a step less for each request. */
  Balancer.Picker now() {
    return settled.getCount() == 0 ? picker : this;
  }

  @Override
  public int pick(RequestView request, int attempt) {
    return picker.pick(request, attempt);
  }
}
