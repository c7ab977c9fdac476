package io.proxyetc.internal.assembly;

import io.proxyetc.Active;
import io.proxyetc.RunningSwitch;
import io.proxyetc.SwitchOptions;
import io.proxyetc.internal.assembly.OneSwitch.Member;
import io.proxyetc.internal.assembly.SwitchSteps.Position;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How switches are spoken of: in messages, events and the log. */
final class SwitchWords {
  /** So many of several are named. */
  private static final int NAMED = 10;

  private SwitchWords() {}

  /** Such as {@code route app}, or {@code routes app, shop}. */
  static String routes(Collection<String> ids) {
    return ids.size() == 1
        ? "route " + ids.iterator().next()
        : "routes " + listed(new TreeSet<>(ids));
  }

  /** Such as {@code green}, or {@code app: green, shop: red}. */
  static String groups(Map<String, String> groups) {
    Collection<String> names = new TreeSet<>(groups.values());
    return names.size() == 1
        ? names.iterator().next()
        : listed(groups.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList());
  }

  /** The groups that these routes are switched to. */
  static String to(Collection<Member> members) {
    Map<String, String> groups = new TreeMap<>();
    members.forEach(member -> groups.put(member.id(), member.running().to()));
    return groups(groups);
  }

  private static String listed(Collection<String> all) {
    List<String> some = all.stream().limit(NAMED).toList();
    int more = all.size() - some.size();
    return String.join(", ", some) + (more == 0 ? "" : " and " + more + " more");
  }

  /** Such as {@code step 2 of 3 (25 %)}. */
  static String position(Position position, SwitchOptions options) {
    return switch (position.phase()) {
      case PREFLIGHT -> "preflight";
      case STEP ->
          "step "
              + (position.step() + 1)
              + " of "
              + options.steps().size()
              + " ("
              + options.steps().get(position.step()).percent()
              + " %)";
      case WATCH -> "watch (100 %)";
    };
  }

  static String position(RunningSwitch running) {
    return position(Position.of(running), running.options()) + (running.paused() ? ", paused" : "");
  }

  /** Such as {@code blue}, or {@code blue 95, green 5}. */
  static String active(Active active) {
    String[] groups =
        active.weights().entrySet().stream()
            .filter(e -> e.getValue() > 0)
            .map(Map.Entry::getKey)
            .toArray(String[]::new);
    return groups.length == 1
        ? groups[0]
        : active.weights().entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
  }

  /** Such as {@code 1.5 s}. */
  static String seconds(Duration time) {
    double seconds = time.toMillis() / 1000.0;
    return (seconds == Math.rint(seconds) ? String.valueOf((long) seconds) : "" + seconds) + " s";
  }
}
