/** The built-in balancers. */
@NullMarked
package io.proxyetc.internal.balance;

import org.jspecify.annotations.NullMarked;
