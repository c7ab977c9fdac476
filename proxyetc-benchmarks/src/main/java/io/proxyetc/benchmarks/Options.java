package io.proxyetc.benchmarks;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the command line asks for. */
final class Options {

  static final String USAGE =
      """
      usage: ./benchmark [options]
        --cases A,B       of: %s
                          (default: all)
        --peers A,B       of: %s (default: all)
        --rounds N        turns of each proxy in each case (default: 5)
        --seconds N       of load in each turn (default: 3)
        --quick           3 rounds of 5 s, no latency; of the cases only 1k, unless --cases says more
        --syscalls        count system calls too, with strace
        --access-log      every proxy writes an access log (default: none does)
        --java-home DIR   the JDK that runs the JVM proxies
        --attach PORT:PID another row: a proxy that runs already (plain http)
        --target-port N   where the target listens (default: a free port)
        --out FILE        also write the tables to a file
        --help
      """;

  static final List<String> CASES =
      List.of(
          "1k",
          "64k",
          "10m",
          "post64k",
          "tls",
          "h2",
          "newconn",
          "routes100k",
          "put",
          "start",
          "idle10k",
          "big");
  static final List<String> PEERS = List.of("proxyetc", "nginx", "haproxy", "undertow");

  private Set<String> cases = new LinkedHashSet<>();
  private Set<String> peers = new LinkedHashSet<>(PEERS);
  private int rounds = 5;
  private int seconds = 3;
  private boolean latency = true;
  private boolean syscalls;
  private boolean accessLog;
  private boolean help;
  private int targetPort;
  private Optional<Path> javaHome = Optional.empty();
  private Optional<Path> out = Optional.empty();
  private Optional<AttachedPeer> attached = Optional.empty();

  private Options() {}

  static Options parse(List<String> arguments) {
    Options options = new Options();
    Deque<String> rest = new ArrayDeque<>(arguments);
    boolean quick = rest.remove("--quick");
    if (quick) {
      options.rounds = 3;
      options.seconds = 5;
      options.latency = false;
    }
    while (!rest.isEmpty()) {
      options.take(rest.pop(), rest);
    }
    if (options.cases.isEmpty()) {
      options.cases.addAll(quick ? List.of("1k") : CASES);
    }
    return options;
  }

  private void take(String option, Deque<String> rest) {
    switch (option) {
      case "--cases" -> cases = some(option, value(option, rest), CASES);
      case "--peers" -> peers = some(option, value(option, rest), PEERS);
      case "--rounds" -> rounds = number(option, value(option, rest), 1, 100);
      case "--seconds" -> seconds = number(option, value(option, rest), 1, 60);
      case "--target-port" -> targetPort = number(option, value(option, rest), 1, 65_535);
      case "--java-home" -> javaHome = Optional.of(Path.of(value(option, rest)));
      case "--out" -> out = Optional.of(Path.of(value(option, rest)));
      case "--attach" -> attached = Optional.of(AttachedPeer.parse(value(option, rest)));
      case "--syscalls" -> syscalls = true;
      case "--access-log" -> accessLog = true;
      case "--help", "-h" -> help = true;
      default ->
          throw new BenchmarkException("'" + option + "' is no option; see ./benchmark --help");
    }
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new BenchmarkException(option + ": a value is missing; see ./benchmark --help");
    }
    return rest.pop();
  }

  private static Set<String> some(String option, String names, List<String> known) {
    Set<String> chosen = new LinkedHashSet<>(Arrays.asList(names.split(",")));
    for (String name : chosen) {
      if (!known.contains(name)) {
        throw new BenchmarkException(
            option + ": '" + name + "' is not one of " + String.join(", ", known));
      }
    }
    return chosen;
  }

  private static int number(String option, String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new BenchmarkException(
        option + ": '" + text + "' is no number from " + least + " to " + most);
  }

  Set<String> cases() {
    return cases;
  }

  Set<String> peers() {
    return peers;
  }

  int rounds() {
    return rounds;
  }

  int seconds() {
    return seconds;
  }

  boolean latency() {
    return latency;
  }

  boolean syscalls() {
    return syscalls;
  }

  boolean accessLog() {
    return accessLog;
  }

  boolean help() {
    return help;
  }

  int targetPort() {
    return targetPort > 0 ? targetPort : Ports.free();
  }

  Optional<Path> javaHome() {
    return javaHome;
  }

  Optional<Path> out() {
    return out;
  }

  Optional<AttachedPeer> attached() {
    return attached;
  }
}
