/** Runs every example. */
@NullMarked
package io.proxyetc.examples;

import org.jspecify.annotations.NullMarked;
