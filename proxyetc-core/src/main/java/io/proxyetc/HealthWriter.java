package io.proxyetc;

import java.io.IOException;

/** From a {@link Health} to {@code health} in a document. */
final class HealthWriter {
  private final JsonOut out;

  HealthWriter(JsonOut out) {
    this.out = out;
  }

  /** The object alone; its name is written already. */
  void write(Health health) throws IOException {
    Health d = Health.DEFAULT;
    out.json().beginObject();
    if (health.check().isPresent()) {
      out.json().name("check");
      check(health.check().get());
    }
    ejection(health.ejection());
    out.number("panic", health.panic(), d.panic());
    out.seconds("slowStart", health.slowStart(), d.slowStart());
    out.json().endObject();
  }

  private void check(HealthCheck check) throws IOException {
    HealthCheck d = HealthCheck.builder(check.kind()).build();
    if (check.equals(d.toBuilder().path(check.path()).build())) {
      out.json()
          .value(
              check.kind() == HealthCheck.Kind.HTTP
                  ? check.path()
                  : RulesReader.word(check.kind()));
      return;
    }
    out.json().beginObject();
    out.word("type", check.kind(), HealthCheck.Kind.HTTP);
    out.text("method", check.method(), d.method());
    out.text("path", check.path(), d.path());
    if (check.host().isPresent()) {
      out.json().name("host").value(check.host().get());
    }
    out.fieldMap("headers", check.headers());
    if (!check.statuses().equals(d.statuses())) {
      out.texts("statuses", check.statuses().stream().map(Object::toString).toList());
    }
    if (check.body().isPresent()) {
      out.json().name("body").value(check.body().get());
    }
    out.seconds("interval", check.interval(), d.interval());
    out.seconds("timeout", check.timeout(), d.timeout());
    out.number("fall", check.fall(), d.fall());
    out.number("rise", check.rise(), d.rise());
    out.word("initial", check.initial(), d.initial());
    out.json().endObject();
  }

  private void ejection(Ejection ejection) throws IOException {
    Ejection d = Ejection.DEFAULT;
    if (ejection.equals(d)) {
      return;
    }
    out.json().name("eject").beginObject();
    out.number("failures", ejection.failures(), d.failures());
    out.numbers("statuses", ejection.statuses(), d.statuses());
    out.seconds("time", ejection.time(), d.time());
    out.seconds("maxTime", ejection.maxTime(), d.maxTime());
    out.number("share", ejection.share(), d.share());
    out.json().endObject();
  }
}
