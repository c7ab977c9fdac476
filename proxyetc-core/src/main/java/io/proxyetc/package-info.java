/**
 * The proxy as a program embeds it: build a {@link io.proxyetc.ProxyServer}, give it {@link
 * io.proxyetc.Route}s, change them while traffic flows.
 */
@NullMarked
package io.proxyetc;

import org.jspecify.annotations.NullMarked;
