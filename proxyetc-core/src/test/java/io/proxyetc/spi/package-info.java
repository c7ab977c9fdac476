/** What the SPI brings along for those who implement it. */
@NullMarked
package io.proxyetc.spi;

import org.jspecify.annotations.NullMarked;
