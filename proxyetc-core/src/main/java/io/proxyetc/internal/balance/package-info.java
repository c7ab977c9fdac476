/** The built-in balancers, and what keeps clients at their targets. */
@NullMarked
package io.proxyetc.internal.balance;

import org.jspecify.annotations.NullMarked;
