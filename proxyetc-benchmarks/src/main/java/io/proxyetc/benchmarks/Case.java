package io.proxyetc.benchmarks;

import java.util.Optional;

/**
 * One load that is put on every proxy.
 *
 * @param name as in {@code --cases}
 * @param title what it is, in words
 * @param tls whether a proxy needs https for it
 * @param load as many requests as it takes
 * @param paced the same at a fixed rate, where that can be measured
 */
record Case(String name, String title, boolean tls, Load load, Optional<PacedLoad> paced) {}
