package io.proxyetc;

import java.time.Duration;
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
          .hint("healthCheck", "write \"health\": \"/healthz\"")
          .hint("eject", "it stands in 'health'")
          .hint("panic", "it stands in 'health'")
          .hint("slowStart", "it stands in 'health'")
          .hint("maxRequests", "it stands in 'capacity'")
          .hint("pending", "it stands in 'capacity'")
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
    JsonFields.under("id", () -> Names.check("route", id));
    Match match = f.read("match", Match.ANY, RouteReader::match);
    Map<String, TargetGroup> groups = GroupReader.groups(f);
    String first = groups.isEmpty() ? TargetGroup.DEFAULT : groups.keySet().iterator().next();
    Active active = f.read("active", RouteReader::active).orElseGet(() -> Active.group(first));
    Balancing balancing = f.read("balancer", Balancing.DEFAULT, RulesReader::balancing);
    Optional<Session> session = f.read("session", RulesReader::session);
    Health health = f.read("health", Health.DEFAULT, HealthReader::health);
    Route.HostHeader hostHeader =
        f.read("hostHeader", Route.HostHeader.PASS, RouteReader::hostHeader);
    Optional<PathRule> rewrite = f.read("rewrite", RouteReader::rewrite);
    HeaderRules request = f.read("request", HeaderRules.NONE, RouteReader::rules);
    HeaderRules response = f.read("response", HeaderRules.NONE, RouteReader::rules);
    boolean redirect = f.read("redirectToHttps", false, JsonFields::bool);
    Timeouts timeouts = f.read("timeouts", Timeouts.DEFAULT, RouteReader::timeouts);
    Retries retries = f.read("retries", Retries.DEFAULT, RulesReader::retries);
    Capacity capacity = f.read("capacity", Capacity.DEFAULT, RulesReader::capacity);
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

  private static Match match(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, MATCH);
    List<String> hosts = f.read("hosts", List.of(), RouteReader::texts);
    String prefix = f.read("path", Match.ANY.path(), JsonFields::text);
    List<String> methods = f.read("methods", List.of(), RouteReader::texts);
    Map<String, String> headers = f.read("headers", Map.of(), RouteReader::fieldMap);
    int port = f.read("port", 0, JsonFields::integer);
    return JsonFields.under(
        path, () -> new Match(hosts, prefix, new LinkedHashSet<>(methods), headers, port));
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
    boolean strip = f.read("strip", false, JsonFields::bool);
    if (strip == replace.isPresent()) {
      throw new InvalidRouteException(
          path, "write either {\"strip\": true} or {\"replace\": \"/prefix\"}");
    }
    return strip ? PathRule.strip() : JsonFields.under(path, () -> new PathRule(replace.get()));
  }

  private static HeaderRules rules(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, RULES);
    Map<String, String> set = f.read("set", Map.of(), RouteReader::fieldMap);
    Map<String, String> add = f.read("add", Map.of(), RouteReader::fieldMap);
    List<String> remove = f.read("remove", List.of(), RouteReader::texts);
    return JsonFields.under(path, () -> new HeaderRules(set, add, remove));
  }

  private static Timeouts timeouts(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, TIMEOUTS);
    Timeouts d = Timeouts.DEFAULT;
    Duration connect = f.read("connect", d.connect(), JsonFields::seconds);
    Duration response = f.read("response", d.response(), JsonFields::seconds);
    Duration idle = f.read("idle", d.idle(), JsonFields::seconds);
    Duration total = f.read("total", d.total(), JsonFields::seconds);
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
