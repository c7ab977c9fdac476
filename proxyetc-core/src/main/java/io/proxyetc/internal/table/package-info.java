/** From a snapshot to a table for look-up: host index, path index, compile, swap. */
@NullMarked
package io.proxyetc.internal.table;

import org.jspecify.annotations.NullMarked;
