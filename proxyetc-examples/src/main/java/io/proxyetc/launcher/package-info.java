/** The proxy as a program of its own: command line, configuration file, signals. */
@NullMarked
package io.proxyetc.launcher;

import org.jspecify.annotations.NullMarked;
