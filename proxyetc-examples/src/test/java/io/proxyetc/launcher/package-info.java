/** Tests of the launcher, as a user meets it: files, processes, sockets. */
@NullMarked
package io.proxyetc.launcher;

import org.jspecify.annotations.NullMarked;
