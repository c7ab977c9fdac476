package io.proxyetc;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From a route to its JSON document: fields in the order of {@link RouteReader#ROUTE}, defaults
 * left out, the short forms where they say the same.
 */
final class RouteWriter {
  private final JsonOut out;
  private final JsonWriter json;
  private final RulesWriter rules;
  private final HealthWriter health;

  RouteWriter(Writer to) {
    out = new JsonOut(to);
    json = out.json();
    rules = new RulesWriter(out);
    health = new HealthWriter(out);
  }

  JsonWriter json() {
    return json;
  }

  void write(Route route) throws IOException {
    json.beginObject();
    json.name("id").value(route.id());
    match(route.match());
    groups(route.groups());
    active(route);
    rules.balancing(route.balancing());
    rules.session(route.session());
    if (!route.health().equals(Health.DEFAULT)) {
      json.name("health");
      health.write(route.health());
    }
    hostHeader(route.hostHeader());
    rewrite(route.path());
    headerRules("request", route.request());
    headerRules("response", route.response());
    if (route.redirectToHttps()) {
      json.name("redirectToHttps").value(true);
    }
    timeouts(route.timeouts());
    rules.retries(route.retries());
    rules.capacity(route.capacity());
    rules.rateLimit(route.rateLimit());
    rules.drain(route.drain());
    if (route.running().isPresent()) {
      json.name("switch");
      new SwitchWriter(out).write(route.running().get());
    }
    json.endObject();
  }

  private void match(Match match) throws IOException {
    if (match.equals(Match.ANY)) {
      return;
    }
    json.name("match").beginObject();
    out.texts("hosts", match.hosts());
    if (!match.path().equals(Match.ANY.path())) {
      json.name("path").value(match.path());
    }
    out.texts("methods", match.methods());
    out.fieldMap("headers", match.headers());
    if (match.port() != 0) {
      json.name("port").value(match.port());
    }
    json.endObject();
  }

  private void groups(Map<String, TargetGroup> groups) throws IOException {
    if (groups.isEmpty()) {
      return;
    }
    TargetGroup only = groups.get(TargetGroup.DEFAULT);
    if (groups.size() == 1
        && only != null
        && only.tls().equals(TargetTls.DEFAULT)
        && only.health().isEmpty()) {
      targets("to", only.targets());
      return;
    }
    json.name("groups").beginObject();
    for (TargetGroup group : groups.values()) {
      json.name(group.name()).beginObject();
      targets("targets", group.targets());
      tls(group.tls());
      if (group.health().isPresent()) {
        json.name("health");
        health.write(group.health().get());
      }
      json.endObject();
    }
    json.endObject();
  }

  private void targets(String name, List<Target> targets) throws IOException {
    json.name(name);
    if (targets.stream().allMatch(RouteWriter::plain)) {
      out.texts(targets.stream().map(Target::url).toList());
      return;
    }
    json.beginArray();
    for (Target target : targets) {
      if (plain(target)) {
        json.value(target.url());
      } else {
        target(target);
      }
    }
    json.endArray();
  }

  private static boolean plain(Target target) {
    return target.weight() == 1
        && target.id().equals(target.url())
        && target.state() == Target.State.READY;
  }

  private void target(Target target) throws IOException {
    out.line(
        () -> {
          json.name("url").value(target.url());
          out.number("weight", target.weight(), 1);
          out.text("id", target.id(), target.url());
          out.word("state", target.state(), Target.State.READY);
        });
  }

  private void tls(TargetTls tls) throws IOException {
    if (tls.equals(TargetTls.DEFAULT)) {
      return;
    }
    json.name("tls").beginObject();
    if (tls.trust().isPresent()) {
      json.name("trust").value(tls.trust().get().toString());
    }
    if (!tls.verify()) {
      json.name("verify").value(false);
    }
    if (tls.serverName().isPresent()) {
      json.name("serverName").value(tls.serverName().get());
    }
    json.endObject();
  }

  /** Written wherever it is not plain from the groups alone. */
  private void active(Route route) throws IOException {
    Active active = route.active();
    boolean obvious =
        route.groups().size() <= 1
            && active.equals(
                Active.group(
                    route.groups().keySet().stream().findFirst().orElse(TargetGroup.DEFAULT)));
    if (obvious) {
      return;
    }
    json.name("active");
    active(out, active);
  }

  /** The value alone: a group's name, or weights. */
  static void active(JsonOut out, Active active) throws IOException {
    Optional<String> single = active.weights().keySet().stream().findFirst();
    if (single.isPresent() && active.equals(Active.group(single.get()))) {
      out.json().value(single.get());
      return;
    }
    out.line(
        () -> {
          for (Map.Entry<String, Integer> weight : active.weights().entrySet()) {
            out.json().name(weight.getKey()).value(weight.getValue());
          }
        });
  }

  private void hostHeader(Route.HostHeader hostHeader) throws IOException {
    if (hostHeader instanceof Route.HostHeader.OfTarget) {
      json.name("hostHeader").value(RouteJson.HOST_TARGET);
    } else if (hostHeader instanceof Route.HostHeader.Fixed fixed) {
      String name = fixed.name();
      json.name("hostHeader");
      if (name.equals(RouteJson.HOST_PASS) || name.equals(RouteJson.HOST_TARGET)) {
        json.beginObject().name("name").value(name).endObject();
      } else {
        json.value(name);
      }
    }
  }

  private void rewrite(Optional<PathRule> rule) throws IOException {
    if (rule.isEmpty()) {
      return;
    }
    json.name("rewrite").beginObject();
    if (rule.get().equals(PathRule.strip())) {
      json.name("strip").value(true);
    } else {
      json.name("replace").value(rule.get().replacement());
    }
    json.endObject();
  }

  private void headerRules(String name, HeaderRules rules) throws IOException {
    if (rules.isEmpty()) {
      return;
    }
    json.name(name).beginObject();
    out.fieldMap("set", rules.set());
    out.fieldMap("add", rules.add());
    out.texts("remove", rules.remove());
    json.endObject();
  }

  private void timeouts(Timeouts timeouts) throws IOException {
    Timeouts d = Timeouts.DEFAULT;
    if (timeouts.equals(d)) {
      return;
    }
    json.name("timeouts").beginObject();
    out.seconds("connect", timeouts.connect(), d.connect());
    out.seconds("response", timeouts.response(), d.response());
    out.seconds("idle", timeouts.idle(), d.idle());
    out.seconds("total", timeouts.total(), d.total());
    json.endObject();
  }
}
