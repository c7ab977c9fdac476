/** The memory and the file store, and the last good snapshot that is kept for every store. */
@NullMarked
package io.proxyetc.internal.store;

import org.jspecify.annotations.NullMarked;
