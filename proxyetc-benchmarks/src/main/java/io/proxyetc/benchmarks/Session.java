package io.proxyetc.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** One run of the comparison: starts what is needed, runs case after case, prints each table. */
final class Session {

  private static final WarmUp WARM_UP = new WarmUp(2, 10, 20);

  private final Options options;
  private final Workshop workshop;
  private final PrintStream out;
  private final PrintStream progress;
  private final Site site;
  private final Cases cases;
  private final Contest contest;
  private final StringBuilder report = new StringBuilder();
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
    if (options.cases().contains("routes100k")) {
      routes();
    }
    SmallHeap smallHeap = new SmallHeap(site);
    alone("idle10k", smallHeap::idleConnections);
    alone("big", smallHeap::largeBodies);
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
    Peer one = new ProxyetcPeer("one route", LauncherConfig::oneRoute, Map.of());
    Peer many =
        new ProxyetcPeer(
            Cases.ROUTES + " routes",
            port -> LauncherConfig.manyRoutes(Cases.ROUTES, port),
            Map.of());
    List<Proxy> proxies = List.of(one.start(site), many.start(site));
    contest(cases.routes(), proxies, List.of(one.name()));
    proxies.forEach(this::stop);
  }

  private void contest(Case load, List<Proxy> proxies, List<String> baselines) {
    List<Row> rows = contest.run(load, proxies);
    failures += (int) rows.stream().filter(row -> row.fault().isPresent()).count();
    print(Report.of(load, rows, baselines));
  }

  /** A case that only this project's proxy takes part in. */
  private void alone(String name, Supplier<String> measure) {
    if (!options.cases().contains(name)) {
      return;
    }
    progress.println(name);
    try {
      print(measure.get());
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
