/** Probes of targets on sockets of their own, apart from the traffic's threads and connections. */
@NullMarked
package io.proxyetc.internal.http.probe;

import org.jspecify.annotations.NullMarked;
