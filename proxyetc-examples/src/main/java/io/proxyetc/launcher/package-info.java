/**
 * The command {@code proxyetc}: runs a proxy from one JSON file. It is the only place that knows
 * every artifact, and the only one that ends the JVM.
 */
@NullMarked
package io.proxyetc.launcher;

import org.jspecify.annotations.NullMarked;
