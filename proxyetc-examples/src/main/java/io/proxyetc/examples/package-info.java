/** Small programs that embed the proxy, each showing one thing. */
@NullMarked
package io.proxyetc.examples;

import org.jspecify.annotations.NullMarked;
