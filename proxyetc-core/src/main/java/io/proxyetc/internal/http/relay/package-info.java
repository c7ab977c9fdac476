/** How heads change on their way, and how bytes are relayed. */
@NullMarked
package io.proxyetc.internal.http.relay;

import org.jspecify.annotations.NullMarked;
