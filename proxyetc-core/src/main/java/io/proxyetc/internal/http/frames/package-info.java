/** The wire format of HTTP/2 (RFC 9113) and its header compression (RFC 7541). */
@NullMarked
package io.proxyetc.internal.http.frames;

import org.jspecify.annotations.NullMarked;
