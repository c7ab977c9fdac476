/** Events by mail. */
@NullMarked
package io.proxyetc.mail;

import org.jspecify.annotations.NullMarked;
