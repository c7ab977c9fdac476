package io.proxyetc.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of the comparison: starts what is needed, runs case after case, prints each table. */
final class Session {

  static final String ONE_ROUTE = "one route";
  static final String MANY_ROUTES = Cases.ROUTES + " routes";

  /** A figure of the goals. */
  static final String HEAP_PER_ROUTE = "bytes of heap per route";

  private static final WarmUp WARM_UP = new WarmUp(2, 8, 40);

  private final Options options;
  private final Workshop workshop;
  private final PrintStream out;
  private final PrintStream progress;
  private final Site site;
  private final Cases cases;
  private final Contest contest;
  private final StringBuilder report = new StringBuilder();
  private final Measured measured = new Measured();
  private int failures;

  Session(
      Options options, Workshop workshop, Path repository, PrintStream out, PrintStream progress) {
    this.options = options;
    this.workshop = workshop;
    this.out = out;
    this.progress = progress;
    Processes processes = workshop.processes();
    Path directory = workshop.directory();
    site =
        new Site(
            directory,
            processes,
            options.targetPort(),
            Certificate.create(directory, processes),
            options.accessLog(),
            repository,
            options.javaHome());
    cases = new Cases(processes, directory);
    contest = new Contest(options, WARM_UP, new Strace(processes, directory), progress);
  }

  /** How many times a proxy could not be measured. */
  int failures() {
    return failures;
  }

  /** Returns the whole report. Blocks until all is measured. */
  String run(List<String> args) {
    Target.start(site.directory(), site.targetPort(), site.processes());
    print("    ./benchmark " + String.join(" ", args) + "\n");
    print(new Machine(site.processes()).describe(site.java()) + "\n");
    shared();
    alone("routes100k", this::routes);
    Puts puts = new Puts(site, cases.routes().load());
    alone("put", () -> print(puts.measure(measured)));
    alone("start", () -> print(new Starts(site).measure(measured)));
    SmallHeap smallHeap = new SmallHeap(site);
    alone("idle10k", () -> print(smallHeap.idleConnections()));
    alone("big", () -> print(smallHeap.largeBodies()));
    Goal.verdicts(measured).ifPresent(this::print);
    return report.toString();
  }

  private void shared() {
    List<Case> chosen =
        cases.shared().stream().filter(load -> options.cases().contains(load.name())).toList();
    if (chosen.isEmpty()) {
      return;
    }
    List<Proxy> proxies = startPeers();
    for (Case load : chosen) {
      List<Proxy> able = proxies.stream().filter(p -> !load.tls() || p.httpsPort() > 0).toList();
      contest(load, able, List.of("nginx", "haproxy", "undertow"));
    }
    proxies.forEach(this::stop);
  }

  private void routes() {
    Proxy one = new ProxyetcPeer(ONE_ROUTE, LauncherConfig::oneRoute, Map.of()).start(site);
    Proxy many =
        new ProxyetcPeer(
                MANY_ROUTES, port -> LauncherConfig.manyRoutes(Cases.ROUTES, port), Map.of())
            .start(site);
    List<Proxy> proxies = List.of(one, many);
    contest(cases.routes(), proxies, List.of(ONE_ROUTE));
    long heap = (JvmHeap.liveBytes(many, site) - JvmHeap.liveBytes(one, site)) / Cases.ROUTES;
    measured.figure("routes100k", HEAP_PER_ROUTE, (double) heap);
    print("Heap per route, after full collections: %,d bytes.\n".formatted(heap));
    proxies.forEach(this::stop);
  }

  private void contest(Case load, List<Proxy> proxies, List<String> baselines) {
    List<Row> rows = contest.run(load, proxies);
    measured.rows(load.name(), rows);
    failures += (int) rows.stream().filter(row -> row.fault().isPresent()).count();
    print(Report.of(load, rows, baselines));
  }

  /** A case that only this project's proxy takes part in. */
  private void alone(String name, Runnable measure) {
    if (!options.cases().contains(name)) {
      return;
    }
    progress.println(name);
    try {
      measure.run();
    } catch (BenchmarkException e) {
      failures++;
      print("### " + name + "\n\nfailed: " + e.getMessage());
    }
  }

  private List<Proxy> startPeers() {
    List<Proxy> proxies = new ArrayList<>();
    List<String> jvmFlags = JvmFlags.DEFAULT;
    if (options.peers().contains("proxyetc")) {
      Proxy ours = new ProxyetcPeer().start(site);
      jvmFlags = JvmFlags.of(ours.tree().root().pid());
      proxies.add(ours);
    }
    for (Peer peer : List.of(new NginxPeer(), new HaproxyPeer(), new UndertowPeer(jvmFlags))) {
      if (options.peers().contains(peer.name())) {
        proxies.add(peer.start(site));
      }
    }
    options.attached().ifPresent(peer -> proxies.add(peer.start(site)));
    return proxies;
  }

  private void stop(Proxy proxy) {
    proxy.process().ifPresent(workshop.processes()::stop);
  }

  private void print(String text) {
    report.append(text).append('\n');
    out.println(text);
  }
}
