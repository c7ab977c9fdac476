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
          .hint("interval", "it stands in 'check'")
          .hint("timeout", "it stands in 'check'")
          .hint("statuses", "it stands in 'check', or in 'eject' for those of requests")
          .hint("failures", "it stands in 'eject'");
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
    JsonFields f =
        JsonFields.of(
            value, path, HEALTH, "a check such as \"/healthz\" or an object {\"check\": …}");
    Optional<HealthCheck> check = f.read("check", HealthReader::check);
    Ejection ejection = f.read("eject", d.ejection(), HealthReader::ejection);
    int panic = f.read("panic", d.panic(), JsonFields::integer);
    Duration slowStart = f.read("slowStart", d.slowStart(), JsonFields::seconds);
    Health read = JsonFields.under(path, () -> new Health(check, ejection, panic, slowStart));
    return JsonFields.shared(read, d); // a group's is not read with a default
  }

  private static HealthCheck check(JsonValue value, String path) {
    if (value instanceof JsonValue.Text text) {
      return shortForm(text.value(), path);
    }
    JsonFields f =
        JsonFields.of(
            value, path, CHECK, "\"/healthz\", \"tcp\", \"tls\" or an object {\"path\": …}");
    HealthCheck.Kind kind =
        f.read(
            "type",
            HealthCheck.Kind.HTTP,
            (v, p) -> JsonFields.choice(v, p, HealthCheck.Kind.class));
    if (kind != HealthCheck.Kind.HTTP) {
      HttpCheck.FIELDS.stream()
          .filter(f::has)
          .forEach(
              field -> {
                throw HttpCheck.foreign(kind, f.path(field));
              });
    }
    HealthCheck d = HealthCheck.builder(kind).build();
    String method = f.read("method", d.method(), JsonFields::text);
    String asked = f.read("path", d.path(), JsonFields::text);
    Optional<String> host = f.read("host", JsonFields::text);
    Map<String, String> headers = f.read("headers", d.headers(), RouteReader::fieldMap);
    List<HealthCheck.Statuses> statuses =
        f.read(
            "statuses", d.statuses(), (v, p) -> JsonFields.distinct(v, p, HealthReader::statuses));
    Optional<String> body = f.read("body", JsonFields::text);
    Duration interval = f.read("interval", d.interval(), JsonFields::seconds);
    Duration timeout = f.read("timeout", d.timeout(), JsonFields::seconds);
    int fall = f.read("fall", d.fall(), JsonFields::integer);
    int rise = f.read("rise", d.rise(), JsonFields::integer);
    HealthCheck.Initial initial =
        f.read(
            "initial", d.initial(), (v, p) -> JsonFields.choice(v, p, HealthCheck.Initial.class));
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
              Quoted.of(text)
                  + " is no check; write a path such as \"/healthz\", \"tcp\" or \"tls\"");
        }
        yield JsonFields.whole(path, () -> HealthCheck.http(text));
      }
    };
  }

  /** Ranges in quotes, or a plain number. */
  private static HealthCheck.Statuses statuses(JsonValue value, String path) {
    String text =
        value instanceof JsonValue.Num
            ? String.valueOf(JsonFields.integer(value, path))
            : JsonFields.text(value, path);
    return JsonFields.under(path, () -> HealthCheck.Statuses.of(text));
  }

  private static Ejection ejection(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, EJECT);
    Ejection d = Ejection.DEFAULT;
    int failures = f.read("failures", d.failures(), JsonFields::integer);
    Set<Integer> statuses = f.read("statuses", d.statuses(), JsonFields::integers);
    Duration time = f.read("time", d.time(), JsonFields::seconds);
    Duration least = time.compareTo(d.maxTime()) > 0 ? time : d.maxTime();
    Duration maxTime = f.read("maxTime", least, JsonFields::seconds);
    int share = f.read("share", d.share(), JsonFields::integer);
    return JsonFields.under(path, () -> new Ejection(failures, statuses, time, maxTime, share));
  }
}
