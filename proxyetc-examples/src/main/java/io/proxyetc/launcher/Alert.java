package io.proxyetc.launcher;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthNotifier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Somebody who is to hear of events.
 *
 * @param name for people, without secrets
 * @param open makes the notifier of one proxy; opens no connection
 * @param sendNow sends one event at once; throws a {@link io.proxyetc.ProxyException} where it does
 *     not arrive
 */
record Alert(String name, Supplier<HealthNotifier> open, Consumer<HealthEvent> sendNow) {}
