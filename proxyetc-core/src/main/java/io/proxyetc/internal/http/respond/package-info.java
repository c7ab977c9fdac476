/** Answers of the proxy's own, and the access log. */
@NullMarked
package io.proxyetc.internal.http.respond;

import org.jspecify.annotations.NullMarked;
