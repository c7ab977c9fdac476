package io.proxyetc;

import java.io.IOException;
import java.util.Optional;

/** From the rules of how traffic is spread, bounded and repeated to their fields in a document. */
final class RulesWriter {
  private final JsonOut out;

  RulesWriter(JsonOut out) {
    this.out = out;
  }

  void balancing(Balancing balancing) throws IOException {
    if (balancing.equals(Balancing.DEFAULT)) {
      return;
    }
    out.json().name("balancer");
    if (balancing.equals(Balancing.of(balancing.name()))) {
      out.json().value(balancing.name());
      return;
    }
    out.line(
        () -> {
          out.json().name("name").value(balancing.name());
          switch (balancing.by()) {
            case CLIENT -> {}
            case PATH -> out.json().name("by").value("path");
            case HEADER -> out.json().name("header").value(balancing.key());
            case COOKIE -> out.json().name("cookie").value(balancing.key());
          }
          if (balancing.maxLoad() != Balancing.DEFAULT_MAX_LOAD) {
            out.json().name("maxLoad").value(balancing.maxLoad());
          }
        });
  }

  void session(Optional<Session> optional) throws IOException {
    if (optional.isEmpty()) {
      return;
    }
    Session session = optional.get();
    Session d = Session.STICKY;
    out.json().name("session");
    if (session.equals(d)) {
      out.json().value("sticky");
      return;
    }
    out.line(
        () -> {
          out.text("cookie", session.cookie(), d.cookie());
          out.text("path", session.path(), d.path());
          out.seconds("lifetime", session.lifetime(), d.lifetime());
        });
  }

  void retries(Retries retries) throws IOException {
    Retries d = Retries.DEFAULT;
    if (retries.equals(d)) {
      return;
    }
    out.json().name("retries");
    if (retries.equals(d.withAttempts(retries.attempts()))) {
      out.json().value(retries.attempts());
      return;
    }
    out.json().beginObject();
    out.number("attempts", retries.attempts(), d.attempts());
    out.seconds("perTry", retries.perTry(), d.perTry());
    out.number("budget", retries.budget(), d.budget());
    if (!retries.on().equals(d.on())) {
      out.json().name("on");
      out.texts(RulesReader.words(retries.on()));
    }
    out.numbers("statuses", retries.statuses(), d.statuses());
    out.json().endObject();
  }

  void capacity(Capacity capacity) throws IOException {
    Capacity d = Capacity.DEFAULT;
    if (capacity.equals(d)) {
      return;
    }
    out.json().name("capacity");
    out.line(
        () -> {
          out.number("maxRequests", capacity.maxRequests(), d.maxRequests());
          out.number("pending", capacity.pending(), d.pending());
          out.seconds("pendingTimeout", capacity.pendingTimeout(), d.pendingTimeout());
        });
  }

  void rateLimit(Optional<RateLimit> optional) throws IOException {
    if (optional.isEmpty()) {
      return;
    }
    RateLimit limit = optional.get();
    out.json().name("rateLimit");
    out.line(
        () -> {
          out.json().name("requests").value(limit.requests());
          out.seconds("per", limit.per(), RateLimit.SECOND);
          out.number("burst", limit.burst(), limit.requests());
          out.text("header", limit.header(), "");
        });
  }

  void drain(Drain drain) throws IOException {
    out.seconds("drain", drain.deadline(), Drain.DEFAULT.deadline());
    out.word("onRemove", drain.onRemove(), Drain.DEFAULT.onRemove());
  }
}
