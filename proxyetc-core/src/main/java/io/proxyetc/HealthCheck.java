package io.proxyetc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the proxy finds out by itself whether a target works: it asks it again and again, on a
 * connection of its own. Targets at one address with equal checks are asked once for all of them.
 *
 * @param kind what is asked
 * @param method of an HTTP check, upper case
 * @param path of an HTTP check, with query if any
 * @param host the Host of an HTTP check; empty: the target's own address
 * @param headers further fields of an HTTP check
 * @param statuses which answers are good ones
 * @param body a text that the body must contain, within its first 64 KiB; empty: any body
 * @param interval from the start of one probe to that of the next, give or take a tenth; a quarter
 *     of it while the target's health is about to change
 * @param timeout for all of a probe
 * @param fall so many failed probes in a row make a target UNHEALTHY
 * @param rise so many good ones in a row make it HEALTHY again
 * @param initial what a target is until its first probe is done
 */
public record HealthCheck(
    Kind kind,
    String method,
    String path,
    Optional<String> host,
    Map<String, String> headers,
    List<Statuses> statuses,
    Optional<String> body,
    Duration interval,
    Duration timeout,
    int fall,
    int rise,
    Initial initial) {

  /** What is asked. */
  public enum Kind {
    /** A request; over TLS where the target's URL is https. */
    HTTP,
    /** Whether a connection is accepted. */
    TCP,
    /** Whether a TLS handshake succeeds, certificate and name included. */
    TLS
  }

  /** What a target is until its first probe is done. */
  public enum Initial {
    /** It gets traffic at once. */
    UP,
    /** It gets none until {@link HealthCheck#rise} probes were good. */
    DOWN,
    /** It gets none until its first probe, which decides alone. */
    UNKNOWN
  }

  /**
   * A range of status codes.
   *
   * @param from first, 100 to 599
   * @param to last, included
   */
  public record Statuses(int from, int to) {
    public Statuses {
      if (from < 100 || to > 599 || from > to) {
        throw new InvalidRouteException(
            "", from + "-" + to + " is no range of status codes; write 200 or 200-299");
      }
    }

    /** As in {@code 200} or {@code 200-399}. */
    public static Statuses of(String text) {
      if (text.matches("[1-5][0-9]{2}(-[1-5][0-9]{2})?")) {
        return new Statuses(
            Integer.parseInt(text, 0, 3, 10),
            Integer.parseInt(text, text.length() - 3, text.length(), 10));
      }
      throw new InvalidRouteException(
          "", Quoted.of(text) + " is no range of status codes; write 200 or 200-299");
    }

    @Override
    public String toString() {
      return from == to ? String.valueOf(from) : from + "-" + to;
    }
  }

  private static final List<Statuses> GOOD = List.of(new Statuses(200, 399));
  private static final int MOST_IN_A_ROW = 100;
  private static final String GET = "GET";
  private static final String ROOT = "/";
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  public HealthCheck {
    HttpCheck.method(method);
    HttpCheck.path(path);
    host.ifPresent(name -> JsonFields.under("host", () -> new Route.HostHeader.Fixed(name)));
    headers = SmallCopies.ordered(headers);
    HttpCheck.headers(headers);
    statuses = List.copyOf(statuses);
    HttpCheck.statuses(statuses);
    HttpCheck.body(body, method);
    if (kind != Kind.HTTP) {
      onlyHttp(kind, "method", !method.equals(GET));
      onlyHttp(kind, "path", !path.equals(ROOT));
      onlyHttp(kind, "host", host.isPresent());
      onlyHttp(kind, "headers", !headers.isEmpty());
      onlyHttp(kind, "statuses", !statuses.equals(GOOD));
      onlyHttp(kind, "body", body.isPresent());
    }
    Duration least = Duration.ofMillis(100);
    Bounds.check("interval", interval, least, Duration.ofHours(1), false);
    Bounds.check("timeout", timeout, least, Duration.ofMinutes(1), false);
    Bounds.check("fall", fall, 1, MOST_IN_A_ROW);
    Bounds.check("rise", rise, 1, MOST_IN_A_ROW);
  }

  private static void onlyHttp(Kind kind, String field, boolean given) {
    if (given) {
      throw HttpCheck.foreign(kind, field);
    }
  }

  /** GET of a path every 2 s: 200 to 399 within 1 s is good. */
  public static HealthCheck http(String path) {
    return builder(Kind.HTTP).path(path).build();
  }

  /** A connection every 2 s. */
  public static HealthCheck tcp() {
    return builder(Kind.TCP).build();
  }

  /** A handshake every 2 s. */
  public static HealthCheck tls() {
    return builder(Kind.TLS).build();
  }

  /** Starts a check. */
  public static Builder builder(Kind kind) {
    return new Builder(kind);
  }

  /** Whether an answer with this status is a good one. */
  public boolean good(int status) {
    for (Statuses range : statuses) {
      if (status >= range.from() && status <= range.to()) {
        return true;
      }
    }
    return false;
  }

  /** Such as {@code GET /healthz}: for messages. */
  public String describe() {
    return switch (kind) {
      case HTTP -> method + " " + path + host.map(name -> " of " + name).orElse("");
      case TCP -> "connect";
      case TLS -> "handshake";
    };
  }

  /** A builder that holds what this check holds. */
  public Builder toBuilder() {
    Builder b = new Builder(kind);
    b.method = method;
    b.path = path;
    b.host = host;
    b.headers = headers;
    b.statuses = statuses;
    b.body = body;
    b.interval = interval;
    b.timeout = timeout;
    b.fall = fall;
    b.rise = rise;
    b.initial = initial;
    return b;
  }

  /** Puts a {@link HealthCheck} together. Not for several threads at once. */
  public static final class Builder {
    private final Kind kind;
    private String method = GET;
    private String path = ROOT;
    private Optional<String> host = Optional.empty();
    private Map<String, String> headers = Map.of();
    private List<Statuses> statuses = GOOD;
    private Optional<String> body = Optional.empty();
    private Duration interval = INTERVAL;
    private Duration timeout = TIMEOUT;
    private int fall = 3;
    private int rise = 2;
    private Initial initial = Initial.UNKNOWN;

    private Builder(Kind kind) {
      this.kind = kind;
    }

    /** GET without it. */
    public Builder method(String newMethod) {
      method = newMethod;
      return this;
    }

    /** {@code /} without it. */
    public Builder path(String newPath) {
      path = newPath;
      return this;
    }

    /** The target's own address without it. */
    public Builder host(String name) {
      host = Optional.of(name);
      return this;
    }

    /** Further header fields. */
    public Builder headers(Map<String, String> fields) {
      headers = fields;
      return this;
    }

    /** Which answers are good, such as {@code "200", "300-399"}; 200-399 without it. */
    public Builder statuses(String... ranges) {
      List<Statuses> all = new ArrayList<>();
      for (String range : ranges) {
        all.add(Statuses.of(range));
      }
      statuses = all;
      return this;
    }

    /** A text that the body must contain. */
    public Builder body(String text) {
      body = Optional.of(text);
      return this;
    }

    /** 2 s without it. */
    public Builder interval(Duration newInterval) {
      interval = newInterval;
      return this;
    }

    /** 1 s without it. */
    public Builder timeout(Duration newTimeout) {
      timeout = newTimeout;
      return this;
    }

    /** 3 without it. */
    public Builder fall(int failures) {
      fall = failures;
      return this;
    }

    /** 2 without it. */
    public Builder rise(int successes) {
      rise = successes;
      return this;
    }

    /** {@link Initial#UNKNOWN} without it. */
    public Builder initial(Initial newInitial) {
      initial = newInitial;
      return this;
    }

    /**
     * The check.
     *
     * @throws InvalidRouteException with the path of the fault
     */
    public HealthCheck build() {
      return new HealthCheck(
          kind, method, path, host, headers, statuses, body, interval, timeout, fall, rise,
          initial);
    }
  }
}
