package io.proxyetc;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A named list of targets: one version of an application. Switching a route means making another
 * group active.
 *
 * @param name 1 to 63 letters, digits, {@code - _ .}
 * @param targets in the order in which they were given; may be empty (the group then answers 503)
 * @param tls how https targets are verified
 * @param health how it is found out which of them work; empty: as the route says
 */
public record TargetGroup(
    String name, List<Target> targets, TargetTls tls, Optional<Health> health) {
  /** The group that {@code "to": [...]} and {@link Route.Builder#to} stand for. */
  public static final String DEFAULT = "default";

  public TargetGroup {
    Names.check("group", name);
    targets = List.copyOf(targets);
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < targets.size(); i++) {
      if (!ids.add(targets.get(i).id())) {
        throw new InvalidRouteException(
            "targets[" + i + "]",
            "a target with id '"
                + targets.get(i).id()
                + "' stands here twice; give one of them an id");
      }
    }
  }

  /** A group of equally weighted targets. */
  public static TargetGroup of(String name, String... urls) {
    return of(name, Arrays.stream(urls).map(Target::of).toList());
  }

  /** A group of targets. */
  public static TargetGroup of(String name, List<Target> targets) {
    return new TargetGroup(name, targets, TargetTls.DEFAULT, Optional.empty());
  }

  /** The same group with another way to verify https targets. */
  public TargetGroup withTls(TargetTls newTls) {
    return new TargetGroup(name, targets, newTls, health);
  }

  /** The same group with other targets. */
  public TargetGroup withTargets(List<Target> newTargets) {
    return new TargetGroup(name, newTargets, tls, health);
  }

  /** The same group with its own way to find out which targets work. */
  public TargetGroup withHealth(Health newHealth) {
    return new TargetGroup(name, targets, tls, Optional.of(newHealth));
  }
}
