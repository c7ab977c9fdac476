/**
 * A client's HTTP/2 connection and its streams (RFC 9113): what frames mean, and when they may
 * come. Their bytes are the business of {@link io.proxyetc.internal.http.frames}.
 */
@NullMarked
package io.proxyetc.internal.http.streams;

import org.jspecify.annotations.NullMarked;
