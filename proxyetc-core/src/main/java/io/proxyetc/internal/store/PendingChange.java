package io.proxyetc.internal.store;

import io.proxyetc.spi.RouteChange;
import java.util.concurrent.CompletableFuture;

/**
 * A change that waits for the store's thread.
 *
 * @param done completes with the change's revision
 */
record PendingChange(RouteChange change, CompletableFuture<Long> done) {}
