/** An immutable map whose versions share what they have in common. */
@NullMarked
package io.proxyetc.internal.map;

import org.jspecify.annotations.NullMarked;
