/** What the stages speak of: the head of a message, and the client's side of one exchange. */
@NullMarked
package io.proxyetc.internal.http.message;

import org.jspecify.annotations.NullMarked;
