package io.proxyetc.internal.table;

import io.proxyetc.internal.target.TargetState;
import org.jspecify.annotations.Nullable;

/** What a match leads to, where it can tell beforehand which target its requests go to. */
public interface ToTargets {
  /** The target of all requests; null if there are several, or none. */
  @Nullable TargetState only();
}
