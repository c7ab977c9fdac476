package io.proxyetc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Routes of every kind, from a seed. */
final class RandomRoutes {
  private static final List<String> GROUPS =
      List.of("default", "blue", "green", "v1.2", "v1", "_a");

  private final Random random;
  private final RandomRules rules;

  RandomRoutes(long seed) {
    random = new Random(seed);
    rules = new RandomRules(random);
  }

  Route next() {
    String id = pick("errzero", "a", "shop-2", "x_y.z", "R" + random.nextInt(1000));
    boolean redirect = rarely();
    Map<String, TargetGroup> groups = new LinkedHashMap<>();
    int count = redirect && rarely() ? 0 : 1 + (rarely() ? random.nextInt(3) : 0);
    while (groups.size() < count) {
      TargetGroup group = group(pick(GROUPS.toArray(String[]::new)));
      groups.put(group.name(), group);
    }
    return new Route(
        id,
        rarely() ? Match.ANY : match(),
        groups,
        active(List.copyOf(groups.keySet())),
        rarely() ? rules.balancing() : Balancing.DEFAULT,
        rarely() ? Optional.of(rules.session()) : Optional.empty(),
        rarely() ? rules.health() : Health.DEFAULT,
        hostHeader(),
        rarely() ? Optional.of(new PathRule(path())) : Optional.empty(),
        rarely() ? headerRules() : HeaderRules.NONE,
        rarely() ? headerRules() : HeaderRules.NONE,
        redirect,
        rarely() ? timeouts() : Timeouts.DEFAULT,
        rarely() ? rules.retries() : Retries.DEFAULT,
        rarely() ? rules.capacity() : Capacity.DEFAULT,
        rarely() ? Optional.of(rules.rateLimit()) : Optional.empty(),
        rarely() ? rules.drain() : Drain.DEFAULT,
        rarely() && !groups.isEmpty()
            ? Optional.of(rules.running(List.copyOf(groups.keySet())))
            : Optional.empty());
  }

  private Match match() {
    return new Match(
        list(3, () -> pick("www.errzero.com", "*.example.com", "[::1]", "a_b.c-d", "10.0.0.1")),
        path(),
        rarely() ? new TreeSet<>(list(3, () -> pick("GET", "POST", "M-SEARCH"))) : Set.of(),
        rarely() ? fields() : Map.of(),
        rarely() ? random.nextInt(65536) : 0);
  }

  private TargetGroup group(String name) {
    Map<String, Target> targets = new LinkedHashMap<>();
    for (Target target : list(4, this::target)) {
      targets.put(target.id(), target);
    }
    return new TargetGroup(
        name,
        List.copyOf(targets.values()),
        rarely() ? tls() : TargetTls.DEFAULT,
        rarely() ? Optional.of(rules.health()) : Optional.empty());
  }

  private Target target() {
    String url =
        pick("http", "https")
            + "://"
            + pick("10.0.0.1", "web", "[2001:db8::1]")
            + ":"
            + (1 + random.nextInt(65535));
    Target target = Target.of(url);
    target = rarely() ? target.withWeight(random.nextInt(1001)) : target;
    target = rarely() ? target.withState(rules.pick(Target.State.values())) : target;
    return rarely() ? target.withId(pick("a", "b\"c", "ü".length() + "%\\<>", "{x}")) : target;
  }

  private TargetTls tls() {
    return new TargetTls(
        rarely() ? Optional.of(Path.of("etc", "ca bundle.pem")) : Optional.empty(),
        random.nextBoolean(),
        rarely() ? Optional.of("internal.example.com") : Optional.empty());
  }

  private Active active(List<String> groups) {
    if (groups.isEmpty()) {
      return Active.group(TargetGroup.DEFAULT);
    }
    if (!rarely()) {
      return Active.group(pick(groups.toArray(String[]::new)));
    }
    Map<String, Integer> weights = new LinkedHashMap<>();
    groups.forEach(group -> weights.put(group, random.nextInt(1001)));
    weights.put(groups.get(0), 1 + random.nextInt(1000));
    return new Active(weights);
  }

  private Route.HostHeader hostHeader() {
    return switch (random.nextInt(6)) {
      case 0 -> Route.HostHeader.TARGET;
      case 1 -> new Route.HostHeader.Fixed(pick("pass", "target", "name:8080", "[::1]:80", "x\"y"));
      default -> Route.HostHeader.PASS;
    };
  }

  private HeaderRules headerRules() {
    return new HeaderRules(fields(), fields(), list(2, this::fieldName));
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    list(3, this::fieldName)
        .forEach(name -> fields.put(name, pick("", "1", "*", "a \"b\" \\ c", "é", "</script>")));
    return fields;
  }

  private String fieldName() {
    return pick("X-A", "X-Beta", "accept-language", "!#$%&'*+-.^_`|~");
  }

  private Timeouts timeouts() {
    return new Timeouts(duration(), duration(), duration(), rarely() ? Duration.ZERO : duration());
  }

  private Duration duration() {
    return switch (random.nextInt(4)) {
      case 0 -> Duration.ofSeconds(1 + random.nextInt(86_400));
      case 1 -> Duration.ofMillis(1 + random.nextInt(10_000));
      case 2 -> Duration.ofNanos(1_000_000 + random.nextInt(1_000_000));
      default -> Duration.ofSeconds(pick(5, 60));
    };
  }

  private String path() {
    return pick("/", "/app", "/a/b%2Fc", "/ü", "/x;y=1", "/%22");
  }

  private <T> List<T> list(int atMost, Supplier<T> item) {
    return IntStream.range(0, random.nextInt(atMost + 1)).mapToObj(i -> item.get()).toList();
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private boolean rarely() {
    return random.nextInt(3) == 0;
  }
}
