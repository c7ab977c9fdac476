package io.proxyetc.internal.table;

import org.jspecify.annotations.Nullable;

/**
 * Why the newest version of a route is not live.
 *
 * @param reason for people
 * @param blockedBy the route it cannot be told from; null for other reasons
 */
record Refusal(String reason, @Nullable String blockedBy) {}
