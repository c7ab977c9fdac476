package io.proxyetc.internal.balance;

import io.proxyetc.spi.Balancer;

/**
 * A picker that bounds how many requests may be in flight at a target. A pick and the claim that
 * follows are two steps, and others pick meanwhile: so the caller asks for the bound and claims
 * under it in one step.
 *
 * <p>The bound follows what is in flight in the whole group, so that somebody is always under it. A
 * count that lags behind the claims it counts can make all look full for a moment: a caller that
 * was refused by all takes the first pick without the bound.
 */
public interface BoundedPicker extends Balancer.Picker {
  /** How many requests may be in flight at a target, the one that is to be claimed included. */
  int bound(int index);
}
