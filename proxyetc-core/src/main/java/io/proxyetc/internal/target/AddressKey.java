package io.proxyetc.internal.target;

import io.proxyetc.TargetTls;

/** What makes two targets one server: the same address, spoken to in the same way. */
record AddressKey(String address, boolean secure, TargetTls tls) {}
