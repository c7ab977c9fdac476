/** What the pieces of a request cost on their own: look-up, put, pick; and the heap of a route. */
@NullMarked
package io.proxyetc.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
