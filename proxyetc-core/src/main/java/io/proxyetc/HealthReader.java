package io.proxyetc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From {@code health} in a document to a {@link Health}, short forms included. */
final class HealthReader {
  static final KnownFields HEALTH =
      KnownFields.of("check", "eject", "panic", "slowStart")
          .hint("path", "it stands in 'check': {\"check\": {\"path\": \"/healthz\"}}")
          .hint("interval", "it stands in 'check'");
  static final KnownFields CHECK =
      KnownFields.of(
              "type",
              "method",
              "path",
              "host",
              "headers",
              "statuses",
              "body",
              "interval",
              "timeout",
              "fall",
              "rise",
              "initial")
          .hint("status", "write statuses: [\"200-299\"]")
          .hint("expect", "write statuses: [\"200-299\"], or body: \"text\"");
  static final KnownFields EJECT =
      KnownFields.of("failures", "statuses", "time", "maxTime", "share");

  private HealthReader() {}

  static Health health(JsonValue value, String path) {
    Health d = Health.DEFAULT;
    if (value instanceof JsonValue.Text) {
      return d.withCheck(check(value, path));
    }
    JsonFields f = JsonFields.of(value, path, HEALTH);
    Optional<HealthCheck> check = f.read("check", HealthReader::check);
    Ejection ejection = f.read("eject", HealthReader::ejection).orElse(d.ejection());
    int panic = f.read("panic", JsonFields::integer).orElse(d.panic());
    Duration slowStart = f.read("slowStart", JsonFields::seconds).orElse(d.slowStart());
    return JsonFields.under(path, () -> new Health(check, ejection, panic, slowStart));
  }

  private static HealthCheck check(JsonValue value, String path) {
    if (value instanceof JsonValue.Text text) {
      return shortForm(text.value(), path);
    }
    JsonFields f = JsonFields.of(value, path, CHECK);
    HealthCheck.Kind kind =
        f.read("type", (v, p) -> JsonFields.choice(v, p, HealthCheck.Kind.class))
            .orElse(HealthCheck.Kind.HTTP);
    HealthCheck d = HealthCheck.builder(kind).build();
    String method = f.read("method", JsonFields::text).orElse(d.method());
    String asked = f.read("path", JsonFields::text).orElse(d.path());
    Optional<String> host = f.read("host", JsonFields::text);
    Map<String, String> headers = f.read("headers", RouteReader::fieldMap).orElse(d.headers());
    List<HealthCheck.Statuses> statuses =
        f.read("statuses", (v, p) -> JsonFields.list(v, p, HealthReader::statuses))
            .orElse(d.statuses());
    Optional<String> body = f.read("body", JsonFields::text);
    Duration interval = f.read("interval", JsonFields::seconds).orElse(d.interval());
    Duration timeout = f.read("timeout", JsonFields::seconds).orElse(d.timeout());
    int fall = f.read("fall", JsonFields::integer).orElse(d.fall());
    int rise = f.read("rise", JsonFields::integer).orElse(d.rise());
    HealthCheck.Initial initial =
        f.read("initial", (v, p) -> JsonFields.choice(v, p, HealthCheck.Initial.class))
            .orElse(d.initial());
    return JsonFields.under(
        path,
        () ->
            new HealthCheck(
                kind, method, asked, host, headers, statuses, body, interval, timeout, fall, rise,
                initial));
  }

  private static HealthCheck shortForm(String text, String path) {
    return switch (text) {
      case "tcp" -> HealthCheck.tcp();
      case "tls" -> HealthCheck.tls();
      default -> {
        if (!text.startsWith("/")) {
          throw new InvalidRouteException(
              path,
              "'" + text + "' is no check; write a path such as \"/healthz\", \"tcp\" or \"tls\"");
        }
        yield JsonFields.under(path, () -> pathOnly(text));
      }
    };
  }

  private static HealthCheck pathOnly(String text) {
    try {
      return HealthCheck.http(text);
    } catch (InvalidRouteException e) { // there is no field 'path' to point to
      throw new InvalidRouteException("", e.fault());
    }
  }

  /** Ranges in quotes, or a plain number. */
  private static HealthCheck.Statuses statuses(JsonValue value, String path) {
    String text =
        value instanceof JsonValue.Num number ? number.literal() : JsonFields.text(value, path);
    return JsonFields.under(path, () -> HealthCheck.Statuses.of(text));
  }

  private static Ejection ejection(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, EJECT);
    Ejection d = Ejection.DEFAULT;
    int failures = f.read("failures", JsonFields::integer).orElse(d.failures());
    Set<Integer> statuses = f.read("statuses", JsonFields::integers).orElse(d.statuses());
    Duration time = f.read("time", JsonFields::seconds).orElse(d.time());
    Duration maxTime = f.read("maxTime", JsonFields::seconds).orElse(d.maxTime());
    int share = f.read("share", JsonFields::integer).orElse(d.share());
    return JsonFields.under(path, () -> new Ejection(failures, statuses, time, maxTime, share));
  }
}
