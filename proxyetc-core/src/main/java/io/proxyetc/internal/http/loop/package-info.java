/**
 * One IO thread and what belongs to it: buffers, timers, counters. Nothing here is shared between
 * threads.
 */
@NullMarked
package io.proxyetc.internal.http.loop;

import org.jspecify.annotations.NullMarked;
