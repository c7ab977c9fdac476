package io.proxyetc;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From a route to its JSON document: fields in the order of {@link RouteReader#ROUTE}, defaults
 * left out, the short forms where they say the same.
 */
final class RouteWriter {
  private static final FormattingStyle ONE_LINE =
      FormattingStyle.COMPACT.withSpaceAfterSeparators(true);
  private static final int LINE = 80;

  private final JsonWriter json;

  RouteWriter(Writer out) {
    json = new JsonWriter(out);
    json.setFormattingStyle(FormattingStyle.PRETTY);
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
    if (!route.balancer().equals(Route.ROUND_ROBIN)) {
      json.name("balancer").value(route.balancer());
    }
    hostHeader(route.hostHeader());
    rewrite(route.path());
    rules("request", route.request());
    rules("response", route.response());
    if (route.redirectToHttps()) {
      json.name("redirectToHttps").value(true);
    }
    timeouts(route.timeouts());
    if (route.retries() != Route.DEFAULT_RETRIES) {
      json.name("retries").value(route.retries());
    }
    json.endObject();
  }

  private void match(Match match) throws IOException {
    if (match.equals(Match.ANY)) {
      return;
    }
    json.name("match").beginObject();
    texts("hosts", match.hosts());
    if (!match.path().equals(Match.ANY.path())) {
      json.name("path").value(match.path());
    }
    texts("methods", match.methods());
    fieldMap("headers", match.headers());
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
    if (groups.size() == 1 && only != null && only.tls().equals(TargetTls.DEFAULT)) {
      targets("to", only.targets());
      return;
    }
    json.name("groups").beginObject();
    for (TargetGroup group : groups.values()) {
      json.name(group.name()).beginObject();
      targets("targets", group.targets());
      tls(group.tls());
      json.endObject();
    }
    json.endObject();
  }

  private void targets(String name, List<Target> targets) throws IOException {
    json.name(name);
    if (targets.stream().allMatch(RouteWriter::plain)) {
      texts(targets.stream().map(Target::url).toList());
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
    return target.weight() == 1 && target.id().equals(target.url());
  }

  private void target(Target target) throws IOException {
    json.beginObject();
    json.setFormattingStyle(ONE_LINE);
    json.name("url").value(target.url());
    if (target.weight() != 1) {
      json.name("weight").value(target.weight());
    }
    if (!target.id().equals(target.url())) {
      json.name("id").value(target.id());
    }
    json.endObject();
    json.setFormattingStyle(FormattingStyle.PRETTY);
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
    Optional<String> single = active.weights().keySet().stream().findFirst();
    if (single.isPresent() && active.equals(Active.group(single.get()))) {
      json.value(single.get());
      return;
    }
    json.beginObject();
    json.setFormattingStyle(ONE_LINE);
    for (Map.Entry<String, Integer> weight : active.weights().entrySet()) {
      json.name(weight.getKey()).value(weight.getValue());
    }
    json.endObject();
    json.setFormattingStyle(FormattingStyle.PRETTY);
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

  private void rules(String name, HeaderRules rules) throws IOException {
    if (rules.isEmpty()) {
      return;
    }
    json.name(name).beginObject();
    fieldMap("set", rules.set());
    fieldMap("add", rules.add());
    texts("remove", rules.remove());
    json.endObject();
  }

  private void timeouts(Timeouts timeouts) throws IOException {
    Timeouts d = Timeouts.DEFAULT;
    if (timeouts.equals(d)) {
      return;
    }
    json.name("timeouts").beginObject();
    seconds("connect", timeouts.connect(), d.connect());
    seconds("response", timeouts.response(), d.response());
    seconds("idle", timeouts.idle(), d.idle());
    seconds("total", timeouts.total(), d.total());
    json.endObject();
  }

  private void seconds(String name, Duration value, Duration byDefault) throws IOException {
    if (!value.equals(byDefault)) {
      String digits = BigDecimal.valueOf(value.toNanos(), 9).stripTrailingZeros().toPlainString();
      json.name(name).jsonValue(digits);
    }
  }

  private void fieldMap(String name, Map<String, String> fields) throws IOException {
    if (fields.isEmpty()) {
      return;
    }
    json.name(name).beginObject();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      json.name(field.getKey()).value(field.getValue());
    }
    json.endObject();
  }

  private void texts(String name, Collection<String> texts) throws IOException {
    if (!texts.isEmpty()) {
      json.name(name);
      texts(texts);
    }
  }

  /** An array on one line where it is short. */
  private void texts(Collection<String> texts) throws IOException {
    boolean brief = texts.stream().mapToInt(text -> text.length() + 4).sum() < LINE;
    json.beginArray();
    json.setFormattingStyle(brief ? ONE_LINE : FormattingStyle.PRETTY);
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
    json.setFormattingStyle(FormattingStyle.PRETTY);
  }
}
