/** JMH benchmarks of the parts that every request passes. */
@NullMarked
package io.proxyetc.benchmarks;

import org.jspecify.annotations.NullMarked;
