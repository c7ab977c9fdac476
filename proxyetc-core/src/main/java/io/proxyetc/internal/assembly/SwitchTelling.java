package io.proxyetc.internal.assembly;

import io.proxyetc.RunningSwitch.Phase;
import io.proxyetc.SwitchOptions;
import io.proxyetc.internal.assembly.OneSwitch.Member;
import io.proxyetc.internal.assembly.SwitchSteps.Position;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people how switches go. Returns at once. */
final class SwitchTelling {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchTelling.class);

  private final Consumer<HealthEvent> events;

  SwitchTelling(Consumer<HealthEvent> events) {
    this.events = events;
  }

  /** The proxy has started, and this was under way. */
  void found(OneSwitch one) {
    publish(
        one.paused() ? Kind.SWITCH_PAUSED : Kind.SWITCH_RESUMED,
        one.members(),
        name(one)
            + (one.paused() ? " is still paused" : " goes on")
            + " after a restart, in "
            + position(one)
            + ", whose time begins anew");
  }

  /** A phase begins. */
  void entered(OneSwitch one) {
    Member any = one.atPosition().get(0);
    Position position = any.position();
    SwitchOptions options = any.running().options();
    if (position.phase() == Phase.PREFLIGHT) {
      if (!options.preflight().isZero()) {
        LOG.info(
            "{}: a switch to {} begins as soon as that is healthy, within {}",
            SwitchWords.routes(ids(one.members())),
            SwitchWords.to(one.members()),
            SwitchWords.seconds(options.preflight()));
      }
      return;
    }
    publish(
        Kind.SWITCH_STEP,
        one.members(),
        name(one)
            + ": "
            + position(one)
            + ", for "
            + SwitchWords.seconds(
                position.phase() == Phase.WATCH
                    ? options.watch()
                    : options.steps().get(position.step()).time()));
  }

  /** Somebody has paused it, or lets it go on. */
  void paused(OneSwitch one) {
    publish(
        one.paused() ? Kind.SWITCH_PAUSED : Kind.SWITCH_RESUMED,
        one.members(),
        name(one) + (one.paused() ? " is paused in " : " goes on in ") + position(one));
  }

  /** These routes have left their switch. */
  void ended(Collection<Member> members, SwitchEnding ending) {
    if (!ending.told()) {
      String id = members.iterator().next().running().id();
      publish(ending.kind(), members, "switch " + id + ": " + ending.reason());
    }
  }

  /** Groups were made active at once. */
  void switched(Map<String, String> groups) {
    events.accept(
        HealthEvent.now(
            Kind.SWITCHED,
            SwitchWords.routes(groups.keySet()),
            "all of the traffic goes to " + SwitchWords.groups(groups)));
  }

  private void publish(Kind kind, Collection<Member> members, String detail) {
    events.accept(HealthEvent.now(kind, SwitchWords.routes(ids(members)), detail));
  }

  /** With its id, which tells it from the one before. */
  private static String name(OneSwitch one) {
    return "switch " + one.id() + " to " + SwitchWords.to(one.members());
  }

  private static String position(OneSwitch one) {
    Member any = one.atPosition().get(0);
    return SwitchWords.position(any.position(), any.running().options());
  }

  private static Collection<String> ids(Collection<Member> members) {
    return members.stream().map(Member::id).toList();
  }
}
