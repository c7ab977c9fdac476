package io.proxyetc.internal.assembly;

import io.proxyetc.internal.health.HealthBoard;
import java.util.List;

/** Tells which targets of a group are not healthy. Called on one thread; does not block. */
@FunctionalInterface
interface GroupHealth {
  /** What is wrong with a group; empty: all of its READY targets are HEALTHY. */
  List<HealthBoard.Fault> faults(String route, String group);
}
