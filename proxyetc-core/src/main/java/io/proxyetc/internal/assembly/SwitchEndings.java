package io.proxyetc.internal.assembly;

import io.proxyetc.Active;
import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.SwitchOutcome.Result;
import io.proxyetc.spi.StoredRoute;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Why switches are about to end, told by who ends them before the change is made: what is live then
 * shows only that they have ended. What nobody tells of was done elsewhere, or by hand. Any thread.
 */
final class SwitchEndings {
  /**
   * One that is to come.
   *
   * @param switchId which switch
   * @param after what will be active then
   * @param ending why
   */
  record Announced(String switchId, Active after, SwitchEnding ending) {}

  /** By route; at most one for each that is under a switch. */
  private final Map<String, Announced> announced = new ConcurrentHashMap<>();

  /** Somebody is about to store this route without its switch. */
  Announced announce(RunningSwitch running, Route after, SwitchEnding ending) {
    Announced one = new Announced(running.id(), after.active(), ending);
    announced.put(after.id(), one);
    return one;
  }

  /** It was not stored after all. */
  void withdraw(String route, Announced one) {
    announced.remove(route, one);
  }

  /**
   * Why a route has left its switch.
   *
   * @param left what it had
   * @param now what is live under its id; null: nothing
   */
  SwitchEnding of(String route, RunningSwitch left, @Nullable StoredRoute now) {
    Announced one = announced.remove(route);
    if (now == null) {
      return SwitchEnding.of(Result.ABORTED, "the route was deleted, and its switch with it");
    }
    Active active = now.route().active();
    if (one != null && one.switchId().equals(left.id())) {
      if (SwitchSteps.same(active, one.after())) {
        return one.ending();
      }
    }
    String what = SwitchWords.active(active);
    return SwitchSteps.same(active, Active.group(left.to()))
        ? SwitchEnding.of(Result.DONE, "somebody changed the route: all of it goes to " + what)
        : SwitchEnding.of(
            Result.ABORTED,
            "somebody changed the route, which ends its switch to "
                + left.to()
                + "; active: "
                + what);
  }

  /** Why a switch ended that was over before it was seen. */
  Optional<SwitchEnding> ofUnseen(String switchId) {
    for (Map.Entry<String, Announced> entry : announced.entrySet()) {
      if (entry.getValue().switchId().equals(switchId)) {
        withdraw(entry.getKey(), entry.getValue());
        return Optional.of(entry.getValue().ending());
      }
    }
    return Optional.empty();
  }
}
