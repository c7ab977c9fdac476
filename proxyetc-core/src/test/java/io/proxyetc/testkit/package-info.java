/**
 * Clients, targets and relays for tests: real sockets on free loopback ports, byte-exact records,
 * and waits that are bounded and end as soon as their condition holds.
 */
@NullMarked
package io.proxyetc.testkit;

import org.jspecify.annotations.NullMarked;
