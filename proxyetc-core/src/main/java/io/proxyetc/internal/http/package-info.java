/** The HTTP data path: one class sees every stage, and every request runs on one IO thread. */
@NullMarked
package io.proxyetc.internal.http;

import org.jspecify.annotations.NullMarked;
