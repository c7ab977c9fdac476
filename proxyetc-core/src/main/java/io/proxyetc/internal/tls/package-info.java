/** Certificates, SNI, reload: shared by every TLS listener and by TLS to targets. */
@NullMarked
package io.proxyetc.internal.tls;

import org.jspecify.annotations.NullMarked;
