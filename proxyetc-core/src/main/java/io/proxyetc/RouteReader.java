package io.proxyetc;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** From a route's JSON document to the route. Every field is described in docs/routes.md. */
final class RouteReader {
  static final KnownFields ROUTE =
      KnownFields.of(
              "id",
              "match",
              "groups",
              "to",
              "active",
              "balancer",
              "session",
              "health",
              "hostHeader",
              "rewrite",
              "request",
              "response",
              "redirectToHttps",
              "timeouts",
              "retries",
              "capacity",
              "rateLimit",
              "drain",
              "onRemove",
              "switch")
          .hint("sticky", "write \"session\": \"sticky\"")
          .hint("protocol", "this version routes http and https only")
          .hint(
              "state",
              "it belongs to a target: {\"url\": \"http://host:port\", \"state\": \"drain\"}")
          .hint("check", "it stands in 'health'")
          .hint(
              "host",
              "write match.hosts for what the client asks for, or hostHeader for what the target sees")
          .hint("hosts", "hosts stand in 'match'")
          .hint(
              "path",
              "write match.path for what the client asks for, or rewrite for what the target sees")
          .hint("methods", "methods stand in 'match'")
          .hint(
              "headers",
              "write match.headers for a condition, or request.set to change the request")
          .hint("port", "the listener's port stands in 'match'")
          .hint("url", "targets stand in 'to': [\"http://host:port\"]")
          .hint("target", "targets stand in 'to': [\"http://host:port\"]")
          .hint(
              "targets",
              "targets stand in 'to' or in a group: 'groups': {\"blue\": {\"targets\": […]}}")
          .hint("tls", "it belongs to a group: 'groups': {\"blue\": {\"tls\": {…}}}")
          .hint("weight", "it belongs to a target");
  static final KnownFields MATCH =
      KnownFields.of("hosts", "path", "methods", "headers", "port")
          .hint("sni", "this version routes http and https only")
          .hint("serverNames", "this version routes http and https only");
  static final KnownFields GROUP = KnownFields.of("targets", "tls", "health");
  static final KnownFields TARGET =
      KnownFields.of("url", "weight", "id", "state")
          .hint("tls", "it belongs to the group, beside 'targets'");
  static final KnownFields TLS = KnownFields.of("trust", "verify", "serverName");
  static final KnownFields HOST_HEADER = KnownFields.of("name");
  static final KnownFields REWRITE = KnownFields.of("strip", "replace");
  static final KnownFields RULES = KnownFields.of("set", "add", "remove");
  static final KnownFields TIMEOUTS = KnownFields.of("connect", "response", "idle", "total");

  private RouteReader() {}

  /** Reads a route; a fault begins with the route's id as soon as that is known. */
  static Route read(JsonValue document) {
    String id = idOf(document).orElse("");
    try {
      return route(JsonFields.of(document, "", ROUTE));
    } catch (InvalidRouteException e) {
      throw id.isEmpty() ? e : e.under("route " + id + ": ");
    }
  }

  /** The id that a document gives, if it is one. */
  static Optional<String> idOf(JsonValue document) {
    if (document instanceof JsonValue.Obj object
        && object.fields().get("id") instanceof JsonValue.Text text) {
      try {
        Names.check("route", text.value());
        return Optional.of(text.value());
      } catch (InvalidRouteException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Route route(JsonFields f) {
    String id = f.text("id", "a name such as \"shop\"");
    JsonFields.under("id", () -> checkName(id));
    Match match = f.read("match", RouteReader::match).orElse(Match.ANY);
    Map<String, TargetGroup> groups = groups(f);
    String first = groups.isEmpty() ? TargetGroup.DEFAULT : groups.keySet().iterator().next();
    Active active = f.read("active", RouteReader::active).orElseGet(() -> Active.group(first));
    Balancing balancing = f.read("balancer", RulesReader::balancing).orElse(Balancing.DEFAULT);
    Optional<Session> session = f.read("session", RulesReader::session);
    Health health = f.read("health", HealthReader::health).orElse(Health.DEFAULT);
    Route.HostHeader hostHeader =
        f.read("hostHeader", RouteReader::hostHeader).orElse(Route.HostHeader.PASS);
    Optional<PathRule> rewrite = f.read("rewrite", RouteReader::rewrite);
    HeaderRules request = f.read("request", RouteReader::rules).orElse(HeaderRules.NONE);
    HeaderRules response = f.read("response", RouteReader::rules).orElse(HeaderRules.NONE);
    boolean redirect = f.read("redirectToHttps", JsonFields::bool).orElse(false);
    Timeouts timeouts = f.read("timeouts", RouteReader::timeouts).orElse(Timeouts.DEFAULT);
    Retries retries = f.read("retries", RulesReader::retries).orElse(Retries.DEFAULT);
    Capacity capacity = f.read("capacity", RulesReader::capacity).orElse(Capacity.DEFAULT);
    Optional<RateLimit> rateLimit = f.read("rateLimit", RulesReader::rateLimit);
    Drain drain = RulesReader.drain(f);
    Optional<RunningSwitch> running = f.read("switch", SwitchReader::running);
    return new Route(
        id,
        match,
        groups,
        active,
        balancing,
        session,
        health,
        hostHeader,
        rewrite,
        request,
        response,
        redirect,
        timeouts,
        retries,
        capacity,
        rateLimit,
        drain,
        running);
  }

  private static String checkName(String id) {
    Names.check("route", id);
    return id;
  }

  private static Match match(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, MATCH);
    List<String> hosts = f.read("hosts", RouteReader::texts).orElse(List.of());
    String prefix = f.read("path", JsonFields::text).orElse(Match.ANY.path());
    List<String> methods = f.read("methods", RouteReader::texts).orElse(List.of());
    Map<String, String> headers = f.read("headers", RouteReader::fieldMap).orElse(Map.of());
    int port = f.read("port", JsonFields::integer).orElse(0);
    return JsonFields.under(
        path, () -> new Match(hosts, prefix, new LinkedHashSet<>(methods), headers, port));
  }

  private static Map<String, TargetGroup> groups(JsonFields f) {
    if (f.has("to") && f.has("groups")) {
      throw new InvalidRouteException(
          "to", "a route has either 'to' or 'groups': move these targets into a group");
    }
    Map<String, TargetGroup> groups = new LinkedHashMap<>();
    f.read("to", RouteReader::targets)
        .ifPresent(
            targets -> {
              TargetGroup group = shortForm(targets);
              groups.put(group.name(), group);
            });
    f.read("groups", (value, path) -> JsonFields.free(value, path))
        .ifPresent(all -> groups.putAll(all.all(RouteReader::group)));
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
        f.read("targets", RouteReader::targets)
            .orElseThrow(
                () ->
                    new InvalidRouteException(
                        f.path("targets"), "is missing; write [\"http://host:port\"]"));
    TargetTls tls = f.read("tls", RouteReader::tls).orElse(TargetTls.DEFAULT);
    Optional<Health> health = f.read("health", HealthReader::health);
    return JsonFields.under(path, () -> new TargetGroup(name, targets, tls, health));
  }

  private static List<Target> targets(JsonValue value, String path) {
    return JsonFields.list(value, path, RouteReader::target);
  }

  private static Target target(JsonValue value, String path) {
    if (value instanceof JsonValue.Text url) {
      return JsonFields.under(path, () -> plainTarget(url.value()));
    }
    JsonFields f = JsonFields.of(value, path, TARGET);
    String url = f.text("url", "\"http://host:port\"");
    int weight = f.read("weight", JsonFields::integer).orElse(1);
    String id = f.read("id", JsonFields::text).orElse("");
    Target.State state =
        f.read("state", (v, p) -> JsonFields.choice(v, p, Target.State.class))
            .orElse(Target.State.READY);
    return JsonFields.under(path, () -> new Target(id, url, weight, state));
  }

  private static Target plainTarget(String url) {
    try {
      return Target.of(url);
    } catch (InvalidRouteException e) { // there is no field 'url' to point to
      throw new InvalidRouteException("", e.fault());
    }
  }

  private static TargetTls tls(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, TLS);
    Optional<Path> trust = f.read("trust", RouteReader::file);
    boolean verify = f.read("verify", JsonFields::bool).orElse(true);
    Optional<String> serverName = f.read("serverName", JsonFields::text);
    return JsonFields.under(path, () -> new TargetTls(trust, verify, serverName));
  }

  private static Path file(JsonValue value, String path) {
    String name = JsonFields.text(value, path);
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new InvalidRouteException(path, "'" + name + "' is no file name: " + e.getReason());
    }
  }

  static Active active(JsonValue value, String path) {
    if (value instanceof JsonValue.Text name) {
      return Active.group(name.value());
    }
    if (!(value instanceof JsonValue.Obj)) {
      throw JsonFields.wrong(path, value, "a group's name or weights {\"blue\": 95, \"green\": 5}");
    }
    Map<String, Integer> weights = JsonFields.free(value, path).all(JsonFields::integer);
    return JsonFields.under(path, () -> new Active(weights));
  }

  private static Route.HostHeader hostHeader(JsonValue value, String path) {
    if (value instanceof JsonValue.Obj) {
      String name =
          JsonFields.of(value, path, HOST_HEADER).text("name", "a host such as \"app.internal\"");
      return JsonFields.under(path + ".name", () -> new Route.HostHeader.Fixed(name));
    }
    String text = JsonFields.text(value, path);
    return switch (text) {
      case RouteJson.HOST_PASS -> Route.HostHeader.PASS;
      case RouteJson.HOST_TARGET -> Route.HostHeader.TARGET;
      default -> JsonFields.under(path, () -> new Route.HostHeader.Fixed(text));
    };
  }

  private static PathRule rewrite(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, REWRITE);
    Optional<String> replace = f.read("replace", JsonFields::text);
    boolean strip = f.read("strip", JsonFields::bool).orElse(false);
    if (strip == replace.isPresent()) {
      throw new InvalidRouteException(
          path, "write either {\"strip\": true} or {\"replace\": \"/prefix\"}");
    }
    return strip ? PathRule.strip() : JsonFields.under(path, () -> new PathRule(replace.get()));
  }

  private static HeaderRules rules(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, RULES);
    Map<String, String> set = f.read("set", RouteReader::fieldMap).orElse(Map.of());
    Map<String, String> add = f.read("add", RouteReader::fieldMap).orElse(Map.of());
    List<String> remove = f.read("remove", RouteReader::texts).orElse(List.of());
    return JsonFields.under(path, () -> new HeaderRules(set, add, remove));
  }

  private static Timeouts timeouts(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, TIMEOUTS);
    Timeouts d = Timeouts.DEFAULT;
    Duration connect = f.read("connect", JsonFields::seconds).orElse(d.connect());
    Duration response = f.read("response", JsonFields::seconds).orElse(d.response());
    Duration idle = f.read("idle", JsonFields::seconds).orElse(d.idle());
    Duration total = f.read("total", JsonFields::seconds).orElse(d.total());
    return JsonFields.under(path, () -> new Timeouts(connect, response, idle, total));
  }

  /** Header field names to values; names that differ in case only are the same field. */
  static Map<String, String> fieldMap(JsonValue value, String path) {
    JsonFields f = JsonFields.free(value, path);
    Map<String, String> all = f.all(JsonFields::text);
    LinkedHashSet<String> seen = new LinkedHashSet<>();
    for (String name : all.keySet()) {
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new InvalidRouteException(
            f.path(name), "this header field stands here twice (case does not count); remove one");
      }
    }
    return all;
  }

  private static List<String> texts(JsonValue value, String path) {
    return JsonFields.list(value, path, JsonFields::text);
  }
}
