package io.proxyetc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where requests that match go: immutable, and the same thing as its JSON document ({@link
 * RouteJson}).
 *
 * @param id 1 to 63 letters, digits, {@code - _ .}
 * @param match when the route applies
 * @param groups the versions of the application by name, in the order in which they were given
 * @param active the group that gets the traffic, or weights over groups
 * @param balancing how requests are spread over a group's targets
 * @param session empty: a client may go to another target each time
 * @param health how it is found out which targets work, in groups that do not say it themselves
 * @param hostHeader what the target sees as Host
 * @param path how the path changes on its way to the target; empty: not at all
 * @param request changes to the request's header fields
 * @param response changes to the response's header fields
 * @param redirectToHttps whether plain requests are answered by 308 to https (301 for GET and HEAD)
 * @param timeouts how long a request may take
 * @param retries what happens to a request whose target fails
 * @param capacity how much a target is asked to do at once
 * @param rateLimit how many requests one client may make; empty: any number
 * @param drain what becomes of requests in flight at a target that goes
 * @param running the switch that is under way; empty: none
 */
public record Route(
    String id,
    Match match,
    Map<String, TargetGroup> groups,
    Active active,
    Balancing balancing,
    Optional<Session> session,
    Health health,
    HostHeader hostHeader,
    Optional<PathRule> path,
    HeaderRules request,
    HeaderRules response,
    boolean redirectToHttps,
    Timeouts timeouts,
    Retries retries,
    Capacity capacity,
    Optional<RateLimit> rateLimit,
    Drain drain,
    Optional<RunningSwitch> running) {

  /** What the target sees as Host. */
  public sealed interface HostHeader {
    /** The Host of the client. */
    record Pass() implements HostHeader {}

    /** The target's own host and port. */
    record OfTarget() implements HostHeader {}

    /** A name of one's choice. */
    record Fixed(String name) implements HostHeader {
      public Fixed {
        if (name.isEmpty()
            || name.length() > 255
            || !name.chars().allMatch(c -> c > 0x20 && c < 0x7f && "/?#@\\".indexOf(c) < 0)) {
          throw new InvalidRouteException(
              "", Quoted.of(name) + " is no host: write name or name:port");
        }
      }
    }

    /** The Host of the client. */
    HostHeader PASS = new Pass();

    /** The target's own host and port. */
    HostHeader TARGET = new OfTarget();
  }

  public Route {
    Names.check("route", id);
    groups = SmallCopies.ordered(groups);
    groups.forEach(
        (name, group) -> {
          if (!name.equals(group.name())) {
            throw new InvalidRouteException(
                "groups." + name, "this group calls itself '" + group.name() + "'");
          }
        });
    if (groups.isEmpty() && !redirectToHttps) {
      throw new InvalidRouteException(
          "groups", "a route needs a group of targets: give 'to' or 'groups'");
    }
    for (String name : groups.isEmpty() ? List.<String>of() : active.weights().keySet()) {
      checkGroup("active", name, groups);
    }
    if (running.isPresent()) {
      checkGroup("switch.to", running.get().to(), groups);
      for (String name : running.get().from().weights().keySet()) {
        checkGroup("switch.from", name, groups);
      }
    }
  }

  private static void checkGroup(String path, String name, Map<String, TargetGroup> groups) {
    if (!groups.containsKey(name)) {
      throw new InvalidRouteException(
          path,
          "there is no group "
              + Quoted.of(name)
              + "; this route has "
              + new TreeSet<>(groups.keySet()));
    }
  }

  /** How it is found out which targets of a group work. */
  public Health healthOf(TargetGroup group) {
    return group.health().orElse(health);
  }

  /** Starts a route. */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /**
   * The same with every file that it names as an absolute path: a relative one starts from the
   * directory. For who reads routes from a file of his own.
   */
  public Route filesFrom(Path directory) {
    Route resolved = this;
    for (TargetGroup group : groups.values()) {
      TargetTls tls = group.tls().filesFrom(directory);
      if (!tls.equals(group.tls())) {
        resolved = resolved.toBuilder().group(group.withTls(tls)).build();
      }
    }
    return resolved;
  }

  /** A builder that holds what this route holds. */
  public Builder toBuilder() {
    Builder b = new Builder(id);
    b.match = match;
    b.groups.putAll(groups);
    b.active = Optional.of(active);
    b.balancing = balancing;
    b.session = session;
    b.health = health;
    b.hostHeader = hostHeader;
    b.path = path;
    b.request = request;
    b.response = response;
    b.redirectToHttps = redirectToHttps;
    b.timeouts = timeouts;
    b.retries = retries;
    b.capacity = capacity;
    b.rateLimit = rateLimit;
    b.drain = drain;
    b.running = running;
    return b;
  }

  /** Puts a {@link Route} together. Not for several threads at once. */
  public static final class Builder {
    private final String id;
    private Match match = Match.ANY;
    private final Map<String, TargetGroup> groups = new LinkedHashMap<>();
    private Optional<Active> active = Optional.empty();
    private Balancing balancing = Balancing.DEFAULT;
    private Optional<Session> session = Optional.empty();
    private Health health = Health.DEFAULT;
    private HostHeader hostHeader = HostHeader.PASS;
    private Optional<PathRule> path = Optional.empty();
    private HeaderRules request = HeaderRules.NONE;
    private HeaderRules response = HeaderRules.NONE;
    private boolean redirectToHttps;
    private Timeouts timeouts = Timeouts.DEFAULT;
    private Retries retries = Retries.DEFAULT;
    private Capacity capacity = Capacity.DEFAULT;
    private Optional<RateLimit> rateLimit = Optional.empty();
    private Drain drain = Drain.DEFAULT;
    private Optional<RunningSwitch> running = Optional.empty();

    private Builder(String id) {
      this.id = id;
    }

    /** Adds a host: exact, or {@code *.example.com}. Without any, every host matches. */
    public Builder host(String host) {
      List<String> hosts = new ArrayList<>(match.hosts());
      hosts.add(host);
      match = new Match(hosts, match.path(), match.methods(), match.headers(), match.port());
      return this;
    }

    /** The path prefix; {@code /} without it. */
    public Builder path(String prefix) {
      match = new Match(match.hosts(), prefix, match.methods(), match.headers(), match.port());
      return this;
    }

    /** The whole condition at once, in place of what was set before. */
    public Builder match(Match newMatch) {
      match = newMatch;
      return this;
    }

    /** Adds targets to the group {@value TargetGroup#DEFAULT}. */
    public Builder to(String... urls) {
      List<Target> targets = new ArrayList<>();
      TargetGroup before = groups.get(TargetGroup.DEFAULT);
      if (before != null) {
        targets.addAll(before.targets());
      }
      for (String url : urls) {
        targets.add(Target.of(url));
      }
      return group(TargetGroup.of(TargetGroup.DEFAULT, targets));
    }

    /** Adds a group; the first one is active unless {@link #active} says otherwise. */
    public Builder group(String name, String... urls) {
      return group(TargetGroup.of(name, urls));
    }

    /** Adds a group, or replaces the one of that name. */
    public Builder group(TargetGroup group) {
      groups.put(group.name(), group);
      return this;
    }

    /** All traffic to this group. */
    public Builder active(String group) {
      return active(Active.group(group));
    }

    /** Traffic by weights over groups. */
    public Builder active(Active newActive) {
      active = Optional.of(newActive);
      return this;
    }

    /** The balancer by name: a built-in one or that of a user. */
    public Builder balancer(String name) {
      return balancing(Balancing.of(name));
    }

    /** How requests are spread; weighted round robin without it. */
    public Builder balancing(Balancing newBalancing) {
      balancing = newBalancing;
      return this;
    }

    /** Keeps each client at its target, by a cookie. */
    public Builder sticky() {
      return sticky(Session.STICKY);
    }

    /** The same with a cookie of one's choice. */
    public Builder sticky(Session newSession) {
      session = Optional.of(newSession);
      return this;
    }

    /** How it is found out which targets work. */
    public Builder health(Health newHealth) {
      health = newHealth;
      return this;
    }

    /** The same by probes. */
    public Builder health(HealthCheck check) {
      return health(health.withCheck(check));
    }

    /** What the target sees as Host; the client's own without it. */
    public Builder hostHeader(HostHeader newHostHeader) {
      hostHeader = newHostHeader;
      return this;
    }

    /** Strips the route's path prefix. */
    public Builder stripPath() {
      path = Optional.of(PathRule.strip());
      return this;
    }

    /** Puts another prefix in the place of the route's. */
    public Builder replacePath(String prefix) {
      path = Optional.of(PathRule.replace(prefix));
      return this;
    }

    /** Changes to the request's header fields. */
    public Builder request(HeaderRules rules) {
      request = rules;
      return this;
    }

    /** Changes to the response's header fields. */
    public Builder response(HeaderRules rules) {
      response = rules;
      return this;
    }

    /** Answers plain requests by a redirect to https. */
    public Builder redirectToHttps() {
      redirectToHttps = true;
      return this;
    }

    /** How long a request may take. */
    public Builder timeouts(Timeouts newTimeouts) {
      timeouts = newTimeouts;
      return this;
    }

    /** How long the target may take until its response begins. */
    public Builder responseTimeout(Duration response) {
      timeouts = new Timeouts(timeouts.connect(), response, timeouts.idle(), timeouts.total());
      return this;
    }

    /** How many further attempts a request gets where that is safe. */
    public Builder retries(int attempts) {
      return retries(
          JsonFields.under("route " + id + ": retries", () -> retries.withAttempts(attempts)));
    }

    /** What happens to a request whose target fails. */
    public Builder retries(Retries newRetries) {
      retries = newRetries;
      return this;
    }

    /** How much a target is asked to do at once. */
    public Builder capacity(Capacity newCapacity) {
      capacity = newCapacity;
      return this;
    }

    /** How many requests one client may make. */
    public Builder rateLimit(RateLimit limit) {
      rateLimit = Optional.of(limit);
      return this;
    }

    /** What becomes of requests in flight at a target that goes. */
    public Builder drain(Drain newDrain) {
      drain = newDrain;
      return this;
    }

    /** The switch that is under way: {@link Routes#switchTo} sets it. */
    public Builder running(Optional<RunningSwitch> newRunning) {
      running = newRunning;
      return this;
    }

    /**
     * The route.
     *
     * @throws InvalidRouteException with the route's id and the path of the fault
     */
    public Route build() {
      try {
        String first = groups.isEmpty() ? TargetGroup.DEFAULT : groups.keySet().iterator().next();
        return new Route(
            id,
            match,
            groups,
            active.orElse(Active.group(first)),
            balancing,
            session,
            health,
            hostHeader,
            path,
            request,
            response,
            redirectToHttps,
            timeouts,
            retries,
            capacity,
            rateLimit,
            drain,
            running);
      } catch (InvalidRouteException e) {
        throw e.under("route " + id + ": ");
      }
    }
  }
}
