package io.proxyetc.internal.assembly;

import io.proxyetc.internal.target.SwitchCounts;
import io.proxyetc.internal.target.TargetRegistry;
import java.util.Optional;

/** What the IO threads count of groups that switches lead to. */
record SwitchCountsOf(TargetRegistry registry) implements GroupCounts {
  @Override
  public Optional<Counts> of(String route, String group) {
    return registry
        .switchCounts(route)
        .filter(counts -> counts.group().equals(group))
        .map(SwitchCounts::inPhase)
        .map(sum -> new Counts(sum.requests(), sum.bad()));
  }
}
