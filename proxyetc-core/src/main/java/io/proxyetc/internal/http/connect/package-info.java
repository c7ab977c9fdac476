/** The target's side: names, connections, pools. */
@NullMarked
package io.proxyetc.internal.http.connect;

import org.jspecify.annotations.NullMarked;
