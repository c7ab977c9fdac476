/**
 * What a user may replace: where routes are kept, how a target is picked, who hears of events, what
 * else starts with the proxy. Whoever implements one of these may throw and may be slow: the proxy
 * bounds it, counts it, and goes on.
 */
@NullMarked
package io.proxyetc.spi;

import org.jspecify.annotations.NullMarked;
