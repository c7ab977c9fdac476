package io.proxyetc;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** From a document's rules of how traffic is spread, bounded and repeated to their records. */
final class RulesReader {
  static final KnownFields BALANCER =
      KnownFields.of("name", "by", "header", "cookie", "maxLoad")
          .hint("path", "write \"by\": \"path\"")
          .hint("client", "write \"by\": \"client\"")
          .hint("type", "write 'name'");
  static final KnownFields SESSION =
      KnownFields.of("cookie", "path", "lifetime")
          .hint("name", "write 'cookie'")
          .hint("maxAge", "write 'lifetime', in seconds")
          .hint("ttl", "write 'lifetime', in seconds");
  static final KnownFields RETRIES =
      KnownFields.of("attempts", "perTry", "budget", "on", "statuses")
          .hint("timeout", "write 'perTry', in seconds")
          .hint("status", "write statuses: [502]");
  static final KnownFields CAPACITY =
      KnownFields.of("maxRequests", "pending", "pendingTimeout")
          .hint("timeout", "write 'pendingTimeout', in seconds");
  static final KnownFields RATE_LIMIT =
      KnownFields.of("requests", "per", "burst", "header")
          .hint("rate", "write 'requests', and 'per' how many seconds");

  private RulesReader() {}

  static Balancing balancing(JsonValue value, String path) {
    if (value instanceof JsonValue.Text name) {
      return JsonFields.whole(path, () -> Balancing.of(name.value()));
    }
    JsonFields f =
        JsonFields.of(value, path, BALANCER, "a balancer's name or an object {\"name\": …}");
    String name = f.text("name", "\"" + Balancing.CONSISTENT_HASH + "\"");
    if (Stream.of("by", "header", "cookie").filter(f::has).count() > 1) {
      throw new InvalidRouteException(path, "write one of 'by', 'header' and 'cookie'");
    }
    if (!name.equals(Balancing.CONSISTENT_HASH)) {
      Stream.of("by", "header", "cookie", "maxLoad")
          .filter(f::has)
          .forEach(
              field -> {
                throw Balancing.hashOnly(f.path(field));
              });
      return JsonFields.under(path, () -> Balancing.of(name));
    }
    Optional<String> header = f.read("header", JsonFields::text);
    Optional<String> cookie = f.read("cookie", JsonFields::text);
    Balancing.By by =
        header.isPresent()
            ? Balancing.By.HEADER
            : cookie.isPresent()
                ? Balancing.By.COOKIE
                : f.read("by", Balancing.By.CLIENT, RulesReader::by);
    double maxLoad = f.read("maxLoad", Balancing.DEFAULT_MAX_LOAD, JsonFields::decimal);
    return JsonFields.under(
        path, () -> new Balancing(name, by, header.or(() -> cookie).orElse(""), maxLoad));
  }

  private static Balancing.By by(JsonValue value, String path) {
    return switch (JsonFields.text(value, path)) {
      case "client" -> Balancing.By.CLIENT;
      case "path" -> Balancing.By.PATH;
      default ->
          throw new InvalidRouteException(
              path,
              "what is hashed is \"client\" or \"path\"; for others write \"header\": \"X-User\""
                  + " or \"cookie\": \"user\" instead of 'by'");
    };
  }

  static Session session(JsonValue value, String path) {
    if (value instanceof JsonValue.Text text) {
      if (!text.value().equals("sticky")) {
        throw new InvalidRouteException(
            path, Quoted.of(text.value()) + " is no kind of session; write \"sticky\"");
      }
      return Session.STICKY;
    }
    JsonFields f = JsonFields.of(value, path, SESSION, "\"sticky\" or an object {\"cookie\": …}");
    Session d = Session.STICKY;
    String cookie = f.read("cookie", d.cookie(), JsonFields::text);
    String cookiePath = f.read("path", d.path(), JsonFields::text);
    Duration lifetime = f.read("lifetime", d.lifetime(), JsonFields::seconds);
    return JsonFields.shared(
        JsonFields.under(path, () -> new Session(cookie, cookiePath, lifetime)), d);
  }

  static Retries retries(JsonValue value, String path) {
    Retries d = Retries.DEFAULT;
    if (value instanceof JsonValue.Num) {
      int attempts = JsonFields.integer(value, path);
      return JsonFields.whole(path, () -> d.withAttempts(attempts));
    }
    JsonFields f =
        JsonFields.of(value, path, RETRIES, "a number of attempts or an object {\"attempts\": …}");
    int attempts = f.read("attempts", d.attempts(), JsonFields::integer);
    Duration perTry = f.read("perTry", d.perTry(), JsonFields::seconds);
    int budget = f.read("budget", d.budget(), JsonFields::integer);
    Set<Retries.On> on =
        f.read("on", d.on(), (v, p) -> Set.copyOf(JsonFields.distinct(v, p, RulesReader::on)));
    Set<Integer> statuses = f.read("statuses", d.statuses(), JsonFields::integers);
    return JsonFields.under(path, () -> new Retries(attempts, perTry, budget, on, statuses));
  }

  private static Retries.On on(JsonValue value, String path) {
    return JsonFields.choice(value, path, Retries.On.class);
  }

  static Capacity capacity(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, CAPACITY);
    Capacity d = Capacity.DEFAULT;
    int most = f.read("maxRequests", d.maxRequests(), JsonFields::integer);
    int pending = f.read("pending", d.pending(), JsonFields::integer);
    Duration timeout = f.read("pendingTimeout", d.pendingTimeout(), JsonFields::seconds);
    return JsonFields.under(path, () -> new Capacity(most, pending, timeout));
  }

  static RateLimit rateLimit(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, RATE_LIMIT);
    int requests =
        f.read("requests", JsonFields::integer)
            .orElseThrow(
                () ->
                    new InvalidRouteException(
                        f.path("requests"), "is missing; write how many in each 'per' seconds"));
    Duration per = f.read("per", RateLimit.SECOND, JsonFields::seconds);
    int burst = f.read("burst", requests, JsonFields::integer);
    String header = f.read("header", "", JsonFields::text);
    return JsonFields.under(path, () -> new RateLimit(requests, per, burst, header));
  }

  static Drain drain(JsonFields f) {
    Drain d = Drain.DEFAULT;
    Duration deadline = f.read("drain", d.deadline(), JsonFields::seconds);
    Drain.OnRemove onRemove =
        f.read("onRemove", d.onRemove(), (v, p) -> JsonFields.choice(v, p, Drain.OnRemove.class));
    return JsonFields.shared(new Drain(deadline, onRemove), d);
  }

  /** How an enum's constant is written in a document. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static List<String> words(Set<? extends Enum<?>> constants) {
    return constants.stream().sorted().map(RulesReader::word).toList();
  }
}
