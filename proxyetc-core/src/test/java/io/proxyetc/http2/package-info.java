/**
 * Stories of HTTP/2 between client and proxy: what the client got, what the target received, and
 * what became of stream and connection.
 */
@NullMarked
package io.proxyetc.http2;

import org.jspecify.annotations.NullMarked;
