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
        .map(SwitchCountsOf::read);
  }

  /** What failed first, so that it is never more than all. */
  private static Counts read(SwitchCounts counts) {
    long bad = counts.bad();
    return new Counts(counts.requests(), bad);
  }
}
