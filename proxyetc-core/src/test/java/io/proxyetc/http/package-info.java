/**
 * Stories of the HTTP data path from end to end: what the client got, what the target received, and
 * what became of the connection.
 */
@NullMarked
package io.proxyetc.http;

import org.jspecify.annotations.NullMarked;
