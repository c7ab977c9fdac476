/**
 * Which addresses work: the schedule of probes and what follows from them; and who hears of events,
 * behind bounded queues.
 */
@NullMarked
package io.proxyetc.internal.health;

import org.jspecify.annotations.NullMarked;
