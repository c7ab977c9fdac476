/** From a description to a running proxy: the one place that knows every part. */
@NullMarked
package io.proxyetc.internal.assembly;

import org.jspecify.annotations.NullMarked;
