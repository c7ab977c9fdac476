/**
 * HTTP/1 as bytes, for both sides: heads, body framing, writing. Strict: what is doubtful is a
 * fault.
 */
@NullMarked
package io.proxyetc.internal.http.wire;

import org.jspecify.annotations.NullMarked;
