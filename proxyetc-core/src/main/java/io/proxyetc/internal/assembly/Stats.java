package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyStats;
import io.proxyetc.TargetStatus;
import io.proxyetc.internal.health.Checks;
import io.proxyetc.internal.health.EventQueue;
import io.proxyetc.internal.http.HttpServer;
import io.proxyetc.internal.http.loop.GroupMeter;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Adds up what the IO threads count. */
final class Stats {
  private Stats() {}

  static ProxyStats of(
      HttpServer http,
      long accessLogDropped,
      EventQueue events,
      TargetRegistry targets,
      Checks checks) {
    long finished = http.count(Counter.FINISHED);
    long accepted = http.count(Counter.ACCEPTED);
    long opened = http.count(Counter.UPSTREAM_OPENED);
    long waitsEnded = http.count(Counter.WAITS_ENDED); // before those that have begun
    return new ProxyStats(
        finished,
        List.of(
            http.count(Counter.STATUS_1XX),
            http.count(Counter.STATUS_2XX),
            http.count(Counter.STATUS_3XX),
            http.count(Counter.STATUS_4XX),
            http.count(Counter.STATUS_5XX)),
        http.count(Counter.BYTES_IN),
        http.count(Counter.BYTES_OUT),
        Math.max(0, accepted - http.count(Counter.CLOSED)),
        accepted,
        Math.max(0, http.count(Counter.STARTED) - finished),
        Math.max(0, opened - http.count(Counter.UPSTREAM_CLOSED)),
        opened,
        http.count(Counter.UPSTREAM_FAILED),
        http.count(Counter.RETRIES),
        http.count(Counter.RETRIES_REFUSED),
        http.count(Counter.RATE_LIMITED),
        Math.max(0, http.count(Counter.WAITS_BEGUN) - waitsEnded),
        http.count(Counter.WAITS_TIMED_OUT),
        http.count(Counter.WAITS_REFUSED),
        http.budget().used(),
        accessLogDropped,
        events.dropped(),
        events.failed(),
        health(targets, checks),
        groups(http));
  }

  private static ProxyStats.HealthStats health(TargetRegistry targets, Checks checks) {
    long all = 0;
    long unhealthy = 0;
    long retiring = 0;
    for (TargetState target : targets.targets()) {
      all++;
      unhealthy += target.observed(true) == TargetStatus.Observed.UNHEALTHY ? 1 : 0;
      retiring += target.retired() ? 1 : 0;
    }
    return new ProxyStats.HealthStats(
        all,
        unhealthy,
        retiring,
        checks.watched(),
        checks.probes(),
        checks.failures(),
        checks.late());
  }

  private static Map<String, ProxyStats.GroupStats> groups(HttpServer http) {
    Map<String, List<GroupMeter>> byGroup = new TreeMap<>();
    for (IoLoop loop : http.loops().all()) {
      loop.meters()
          .forEach(
              (group, meter) -> byGroup.computeIfAbsent(group, g -> new ArrayList<>()).add(meter));
    }
    Map<String, ProxyStats.GroupStats> stats = new TreeMap<>();
    byGroup.forEach((group, meters) -> stats.put(group, group(meters)));
    return stats;
  }

  private static ProxyStats.GroupStats group(List<GroupMeter> meters) {
    Histogram latencies = GroupMeter.histogram();
    meters.forEach(meter -> meter.addTo(latencies));
    return new ProxyStats.GroupStats(
        meters.stream().mapToLong(GroupMeter::requests).sum(),
        meters.stream().mapToLong(GroupMeter::failures).sum(),
        latencies.getValueAtPercentile(50),
        latencies.getValueAtPercentile(99),
        latencies.getMaxValue());
  }
}
