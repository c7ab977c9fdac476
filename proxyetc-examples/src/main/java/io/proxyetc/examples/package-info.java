/** How a program embeds the proxy: each class is a program of its own, and a test runs it. */
@NullMarked
package io.proxyetc.examples;

import org.jspecify.annotations.NullMarked;
