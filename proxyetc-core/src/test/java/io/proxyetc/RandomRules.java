package io.proxyetc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of a route of every kind, from a source of chance. */
final class RandomRules {
  private final Random random;

  RandomRules(Random random) {
    this.random = random;
  }

  Balancing balancing() {
    Balancing picked =
        pick(
            Balancing.DEFAULT,
            Balancing.of("mine"),
            Balancing.of(Balancing.LEAST_REQUESTS),
            Balancing.of(Balancing.RANDOM),
            Balancing.byClient(),
            Balancing.byPath(),
            Balancing.byHeader("X-User"),
            Balancing.byCookie("uid"));
    boolean hash = picked.name().equals(Balancing.CONSISTENT_HASH);
    return hash && random.nextBoolean() ? picked.withMaxLoad(2.5) : picked;
  }

  Session session() {
    return random.nextBoolean()
        ? Session.STICKY
        : new Session(pick("", "SID"), pick("/", "/app"), pick(Duration.ZERO, time()));
  }

  Health health() {
    return new Health(
        random.nextBoolean() ? Optional.of(check()) : Optional.empty(),
        random.nextBoolean() ? ejection() : Ejection.DEFAULT,
        random.nextInt(101),
        random.nextBoolean() ? time() : Duration.ZERO);
  }

  private HealthCheck check() {
    HealthCheck plain =
        pick(
            HealthCheck.http("/"),
            HealthCheck.http("/up?x=1"),
            HealthCheck.tcp(),
            HealthCheck.tls());
    if (random.nextBoolean()) {
      return plain;
    }
    HealthCheck.Builder check = plain.toBuilder();
    if (plain.kind() == HealthCheck.Kind.HTTP) {
      check
          .method(pick("GET", "POST"))
          .path(pick("/", "/a"))
          .host(pick("a.example", "b:8080"))
          .headers(random.nextBoolean() ? Map.of("X-Check", "1") : Map.of())
          .statuses(pick("200", "200-299"), "404")
          .body(pick("ok", "\"ü\\"));
    }
    return check
        .interval(time())
        .timeout(time())
        .fall(1 + random.nextInt(5))
        .rise(1 + random.nextInt(5))
        .initial(pick(HealthCheck.Initial.values()))
        .build();
  }

  private Ejection ejection() {
    Duration time = time();
    return new Ejection(
        random.nextInt(10), statuses(), time, time.plusSeconds(5), random.nextInt(101));
  }

  Retries retries() {
    EnumSet<Retries.On> on = EnumSet.noneOf(Retries.On.class);
    for (Retries.On each : Retries.On.values()) {
      if (random.nextBoolean()) {
        on.add(each);
      }
    }
    return random.nextBoolean()
        ? Retries.DEFAULT.withAttempts(random.nextInt(11))
        : new Retries(
            random.nextInt(11), pick(Duration.ZERO, time()), random.nextInt(101), on, statuses());
  }

  Capacity capacity() {
    return new Capacity(random.nextInt(100), random.nextInt(100), time());
  }

  RateLimit rateLimit() {
    return new RateLimit(
        1 + random.nextInt(100),
        Duration.ofSeconds(1 + random.nextInt(3)),
        1 + random.nextInt(100),
        pick("", "x-key"));
  }

  Drain drain() {
    return new Drain(time(), pick(Drain.OnRemove.values()));
  }

  RunningSwitch running(List<String> groups) {
    List<SwitchOptions.Step> steps = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      steps.add(new SwitchOptions.Step(1 + random.nextInt(99), time()));
    }
    return new RunningSwitch(
        "s" + random.nextInt(10),
        groups.get(0),
        Active.group(groups.get(groups.size() - 1)),
        new SwitchOptions(
            pick(Duration.ZERO, time()),
            steps,
            pick(Duration.ZERO, time()),
            random.nextInt(101),
            1 + random.nextInt(50)),
        pick(RunningSwitch.Phase.values()),
        random.nextInt(steps.size()),
        random.nextBoolean());
  }

  private Set<Integer> statuses() {
    return random.ints(random.nextInt(3), 500, 600).boxed().collect(Collectors.toSet());
  }

  private Duration time() {
    return Duration.ofMillis(1_000 + random.nextInt(30_000));
  }

  @SafeVarargs
  final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
