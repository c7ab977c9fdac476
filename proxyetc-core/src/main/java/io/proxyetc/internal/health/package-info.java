/** Who hears of events, and how: behind bounded queues. */
@NullMarked
package io.proxyetc.internal.health;

import org.jspecify.annotations.NullMarked;
