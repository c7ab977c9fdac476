package io.proxyetc.internal.target;

import io.proxyetc.TargetTls;

/** What makes two https targets one server where they are not verified in the usual way. */
record AddressKey(String url, TargetTls tls) {}
