package io.proxyetc.internal.assembly;

import io.proxyetc.RunningSwitch;
import io.proxyetc.RunningSwitch.Phase;
import io.proxyetc.SwitchOutcome.Result;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.internal.assembly.GroupCounts.Counts;
import io.proxyetc.internal.assembly.OneSwitch.Member;
import io.proxyetc.internal.health.HealthBoard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the group that a switch leads to does well. Of one thread. */
final class SwitchJudge {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchJudge.class);

  /** So many targets that are not healthy are named. */
  private static final int NAMED = 5;

  private final GroupHealth health;
  private final GroupCounts counts;

  SwitchJudge(GroupHealth health, GroupCounts counts) {
    this.health = health;
    this.counts = counts;
  }

  /** A phase begins: says so where it cannot be watched. */
  void entered(OneSwitch one) {
    for (Member member : one.members()) {
      if (watched(member) && counts.of(member.id(), member.running().to()).isEmpty()) {
        LOG.warn(
            "route {}: what group {} answers is not counted: the switch goes on, but does not go"
                + " back by itself",
            member.id(),
            member.running().to());
      }
    }
  }

  private static boolean watched(Member member) {
    return member.running().phase() != Phase.PREFLIGHT
        && member.running().options().maxErrors() < 100;
  }

  /** Whether too many requests have failed since the phase began. */
  Optional<SwitchEnding> tooManyErrors(OneSwitch one) {
    for (Member member : one.members()) {
      RunningSwitch running = member.running();
      Optional<Counts> now =
          watched(member) ? counts.of(member.id(), running.to()) : Optional.empty();
      long requests = now.map(Counts::requests).orElse(0L);
      long bad = now.map(Counts::bad).orElse(0L);
      if (requests >= running.options().minRequests()
          && bad * 100 > requests * running.options().maxErrors()) {
        return Optional.of(SwitchEnding.of(Result.ROLLED_BACK, errors(member, requests, bad)));
      }
    }
    return Optional.empty();
  }

  private static String errors(Member member, long requests, long bad) {
    return "route "
        + member.id()
        + ": "
        + bad
        + " of "
        + requests
        + " requests to "
        + member.running().to()
        + " failed during "
        + SwitchWords.position(member.position(), member.running().options())
        + ", more than the "
        + member.running().options().maxErrors()
        + " % that may: back to "
        + SwitchWords.active(member.running().from());
  }

  /** What is wrong with the groups that are to become active; empty: they are all healthy. */
  List<String> faults(List<Member> members) {
    List<String> all = new ArrayList<>();
    for (Member member : members) {
      String to = member.running().to();
      TargetGroup group = member.stored().route().groups().get(to);
      if (group == null
          || group.targets().stream().noneMatch(t -> t.state() == Target.State.READY)) {
        all.add("route " + member.id() + ": group " + to + " has no target that is ready");
        continue;
      }
      for (HealthBoard.Fault fault : health.faults(member.id(), to)) {
        all.add("route " + member.id() + ": " + fault.target() + ": " + fault.reason());
      }
    }
    return all;
  }

  /** The new groups were not healthy in time. */
  static SwitchEnding notHealthy(
      Collection<Member> members, List<String> faults, Duration deadline) {
    int more = faults.size() - NAMED;
    return SwitchEnding.of(
        Result.NOT_HEALTHY,
        SwitchWords.to(members)
            + " was not healthy within "
            + SwitchWords.seconds(deadline)
            + ": nothing was switched ("
            + String.join("; ", faults.subList(0, Math.min(NAMED, faults.size())))
            + (more > 0 ? "; and " + more + " more)" : ")"));
  }
}
