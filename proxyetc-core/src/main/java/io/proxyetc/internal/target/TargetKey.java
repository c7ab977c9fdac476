package io.proxyetc.internal.target;

/** A target within its route. One that moves to another address is another one. */
record TargetKey(String group, String id, AddressState address) {}
