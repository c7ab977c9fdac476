package io.proxyetc;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From {@code to} or {@code groups} in a document to the groups and their targets. */
final class GroupReader {
  static final KnownFields GROUP =
      KnownFields.of("targets", "tls", "health").hint("to", "write 'targets'");
  static final KnownFields TARGET =
      KnownFields.of("url", "weight", "id", "state")
          .hint("tls", "it belongs to the group, beside 'targets'")
          .hint("health", "it belongs to the group, beside 'targets'")
          .hint("disabled", "write \"state\": \"disabled\"")
          .hint("drain", "write \"state\": \"drain\"");
  static final KnownFields TLS = KnownFields.of("trust", "verify", "serverName");

  private GroupReader() {}

  /** The groups of a route, in the order in which they stand. */
  static Map<String, TargetGroup> groups(JsonFields f) {
    if (f.has("to") && f.has("groups")) {
      throw new InvalidRouteException(
          "to", "a route has either 'to' or 'groups': move these targets into a group");
    }
    Map<String, TargetGroup> groups = new LinkedHashMap<>();
    f.read("to", GroupReader::targets)
        .ifPresent(
            targets -> {
              TargetGroup group = shortForm(targets);
              groups.put(group.name(), group);
            });
    f.read("groups", (value, path) -> JsonFields.free(value, path))
        .ifPresent(all -> groups.putAll(all.all(GroupReader::group)));
    return groups;
  }

  private static TargetGroup shortForm(List<Target> targets) {
    try {
      return TargetGroup.of(TargetGroup.DEFAULT, targets);
    } catch (InvalidRouteException e) { // its path is targets[i]
      throw new InvalidRouteException("to" + e.path().substring("targets".length()), e.fault());
    }
  }

  private static TargetGroup group(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, GROUP);
    String name = path.substring("groups.".length());
    List<Target> targets =
        f.read("targets", GroupReader::targets)
            .orElseThrow(
                () ->
                    new InvalidRouteException(
                        f.path("targets"), "is missing; write [\"http://host:port\"]"));
    TargetTls tls = f.read("tls", TargetTls.DEFAULT, GroupReader::tls);
    Optional<Health> health = f.read("health", HealthReader::health);
    return JsonFields.under(path, () -> new TargetGroup(name, targets, tls, health));
  }

  private static List<Target> targets(JsonValue value, String path) {
    return JsonFields.list(value, path, GroupReader::target);
  }

  private static Target target(JsonValue value, String path) {
    if (value instanceof JsonValue.Text url) {
      return JsonFields.whole(path, () -> Target.of(url.value()));
    }
    JsonFields f =
        JsonFields.of(value, path, TARGET, "\"http://host:port\" or an object {\"url\": …}");
    String url = f.text("url", "\"http://host:port\"");
    int weight = f.read("weight", 1, JsonFields::integer);
    String id = f.read("id", "", JsonFields::text);
    Target.State state =
        f.read("state", Target.State.READY, (v, p) -> JsonFields.choice(v, p, Target.State.class));
    return JsonFields.under(path, () -> new Target(id, url, weight, state));
  }

  private static TargetTls tls(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, TLS);
    Optional<Path> trust = f.read("trust", GroupReader::file);
    boolean verify = f.read("verify", true, JsonFields::bool);
    Optional<String> serverName = f.read("serverName", JsonFields::text);
    return JsonFields.under(path, () -> new TargetTls(trust, verify, serverName));
  }

  private static Path file(JsonValue value, String path) {
    String name = JsonFields.text(value, path);
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new InvalidRouteException(path, Quoted.of(name) + " is no file name: " + e.getReason());
    }
  }
}
