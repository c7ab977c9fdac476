package io.proxyetc.internal.assembly;

import io.proxyetc.RunningSwitch;
import io.proxyetc.RunningSwitch.Phase;
import io.proxyetc.SwitchOutcome.Result;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.internal.assembly.GroupCounts.Counts;
import io.proxyetc.internal.assembly.OneSwitch.Member;
import io.proxyetc.internal.assembly.SwitchSteps.Position;
import io.proxyetc.internal.health.HealthBoard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** What the new groups have answered until now, by route. */
  Map<String, Counts> counted(OneSwitch one, Position position) {
    Map<String, Counts> all = new HashMap<>();
    if (position.phase() != Phase.PREFLIGHT) {
      for (Member member : one.members()) {
        Optional<Counts> counted = counts.of(member.id(), member.running().to());
        if (counted.isPresent()) {
          all.put(member.id(), counted.get());
        } else {
          LOG.warn(
              "route {}: what group {} answers is not counted: the switch goes on, but does not go"
                  + " back by itself",
              member.id(),
              member.running().to());
        }
      }
    }
    return all;
  }

  /** Whether too many requests have failed since the phase began. */
  Optional<SwitchEnding> tooManyErrors(OneSwitch one) {
    for (Member member : one.members()) {
      RunningSwitch running = member.running();
      if (running.phase() == Phase.PREFLIGHT || running.options().maxErrors() == 100) {
        continue;
      }
      Counts before = one.before(member.id());
      Optional<Counts> now = counts.of(member.id(), running.to());
      long requests = now.map(c -> c.requests() - before.requests()).orElse(0L);
      long bad = now.map(c -> c.bad() - before.bad()).orElse(0L);
      if (requests >= running.options().minRequests()
          && bad * 100 > requests * running.options().maxErrors()) {
        return Optional.of(
            SwitchEnding.of(Result.ROLLED_BACK, errors(member, requests, Math.min(bad, requests))));
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
