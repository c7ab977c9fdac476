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
          .hint("client", "write \"by\": \"client\"");
  static final KnownFields SESSION = KnownFields.of("cookie", "path", "lifetime");
  static final KnownFields RETRIES =
      KnownFields.of("attempts", "perTry", "budget", "on", "statuses");
  static final KnownFields CAPACITY = KnownFields.of("maxRequests", "pending", "pendingTimeout");
  static final KnownFields RATE_LIMIT = KnownFields.of("requests", "per", "burst", "header");

  private RulesReader() {}

  static Balancing balancing(JsonValue value, String path) {
    if (value instanceof JsonValue.Text name) {
      return JsonFields.under(path, () -> named(name.value()));
    }
    JsonFields f = JsonFields.of(value, path, BALANCER);
    String name = f.text("name", "\"" + Balancing.CONSISTENT_HASH + "\"");
    if (Stream.of("by", "header", "cookie").filter(f::has).count() > 1) {
      throw new InvalidRouteException(path, "write one of 'by', 'header' and 'cookie'");
    }
    if (!name.equals(Balancing.CONSISTENT_HASH)) {
      Stream.of("by", "header", "cookie", "maxLoad")
          .filter(f::has)
          .forEach(
              field -> {
                throw new InvalidRouteException(
                    f.path(field),
                    "it belongs to the balancer " + Balancing.CONSISTENT_HASH + "; remove it");
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
                : f.read("by", RulesReader::by).orElse(Balancing.By.CLIENT);
    double maxLoad = f.read("maxLoad", JsonFields::decimal).orElse(Balancing.DEFAULT_MAX_LOAD);
    return JsonFields.under(
        path, () -> new Balancing(name, by, header.or(() -> cookie).orElse(""), maxLoad));
  }

  private static Balancing named(String name) {
    try {
      return Balancing.of(name);
    } catch (InvalidRouteException e) { // there is no field 'name' to point to
      throw new InvalidRouteException("", e.fault());
    }
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
            path, "'" + text.value() + "' is no kind of session; write \"sticky\"");
      }
      return Session.STICKY;
    }
    JsonFields f = JsonFields.of(value, path, SESSION);
    Session d = Session.STICKY;
    String cookie = f.read("cookie", JsonFields::text).orElse(d.cookie());
    String cookiePath = f.read("path", JsonFields::text).orElse(d.path());
    Duration lifetime = f.read("lifetime", JsonFields::seconds).orElse(d.lifetime());
    return JsonFields.under(path, () -> new Session(cookie, cookiePath, lifetime));
  }

  static Retries retries(JsonValue value, String path) {
    Retries d = Retries.DEFAULT;
    if (value instanceof JsonValue.Num) {
      int attempts = JsonFields.integer(value, path);
      return JsonFields.under(path, () -> attemptsOnly(attempts));
    }
    JsonFields f = JsonFields.of(value, path, RETRIES);
    int attempts = f.read("attempts", JsonFields::integer).orElse(d.attempts());
    Duration perTry = f.read("perTry", JsonFields::seconds).orElse(d.perTry());
    int budget = f.read("budget", JsonFields::integer).orElse(d.budget());
    Set<Retries.On> on =
        f.read("on", (v, p) -> Set.copyOf(JsonFields.list(v, p, RulesReader::on))).orElse(d.on());
    Set<Integer> statuses = f.read("statuses", JsonFields::integers).orElse(d.statuses());
    return JsonFields.under(path, () -> new Retries(attempts, perTry, budget, on, statuses));
  }

  private static Retries attemptsOnly(int attempts) {
    try {
      return Retries.DEFAULT.withAttempts(attempts);
    } catch (InvalidRouteException e) { // there is no field 'attempts' to point to
      throw new InvalidRouteException("", e.fault());
    }
  }

  private static Retries.On on(JsonValue value, String path) {
    return JsonFields.choice(value, path, Retries.On.class);
  }

  static Capacity capacity(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, CAPACITY);
    Capacity d = Capacity.DEFAULT;
    int most = f.read("maxRequests", JsonFields::integer).orElse(d.maxRequests());
    int pending = f.read("pending", JsonFields::integer).orElse(d.pending());
    Duration timeout = f.read("pendingTimeout", JsonFields::seconds).orElse(d.pendingTimeout());
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
    Duration per = f.read("per", JsonFields::seconds).orElse(Duration.ofSeconds(1));
    int burst = f.read("burst", JsonFields::integer).orElse(requests);
    String header = f.read("header", JsonFields::text).orElse("");
    return JsonFields.under(path, () -> new RateLimit(requests, per, burst, header));
  }

  static Drain drain(JsonFields f) {
    Drain d = Drain.DEFAULT;
    Duration deadline = f.read("drain", JsonFields::seconds).orElse(d.deadline());
    Drain.OnRemove onRemove =
        f.read("onRemove", (v, p) -> JsonFields.choice(v, p, Drain.OnRemove.class))
            .orElse(d.onRemove());
    return new Drain(deadline, onRemove);
  }

  /** How an enum's constant is written in a document. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static List<String> words(Set<? extends Enum<?>> constants) {
    return constants.stream().sorted().map(RulesReader::word).toList();
  }
}
