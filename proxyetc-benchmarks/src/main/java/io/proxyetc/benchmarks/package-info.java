/**
 * The side-by-side comparison with other proxies, behind {@code ./benchmark}: {@link
 * io.proxyetc.benchmarks.Comparison} starts a target and the proxies, puts the same load on each in
 * turns and prints tables. Linux only: it reads {@code /proc}.
 */
@NullMarked
package io.proxyetc.benchmarks;

import org.jspecify.annotations.NullMarked;
