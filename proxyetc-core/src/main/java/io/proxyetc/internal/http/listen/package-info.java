/** The client's side: accepting, HTTP/1 connections, HTTP/2 streams. */
@NullMarked
package io.proxyetc.internal.http.listen;

import org.jspecify.annotations.NullMarked;
