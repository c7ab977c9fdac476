/** The live side of targets and routes: what outlives any snapshot. */
@NullMarked
package io.proxyetc.internal.target;

import org.jspecify.annotations.NullMarked;
