package io.proxyetc.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much of its heap a JVM really needs: what full collections leave. */
final class JvmHeap {

  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");
  private static final Duration BOUND = Duration.ofSeconds(30);

  /**
   * The serial and the parallel collector leave up to a twentieth of the old generation uncollected
   * where that saves moving what lies behind it; each fourth collection spares nothing.
   */
  private static final int COLLECTIONS = 4;

  private JvmHeap() {}

  /** Bytes. Needs the JDK's jcmd beside its java. Blocks. */
  static long liveBytes(Proxy proxy, Site site) {
    String jcmd = Path.of(site.java()).resolveSibling("jcmd").toString();
    String pid = Long.toString(proxy.tree().root().pid());
    for (int i = 0; i < COLLECTIONS; i++) {
      site.processes().run("jcmd", List.of(jcmd, pid, "GC.run"), BOUND);
    }
    return parse(site.processes().run("jcmd", List.of(jcmd, pid, "GC.heap_info"), BOUND));
  }

  /** Adds up the generations; metaspace and class space are no heap. */
  static long parse(String heapInfo) {
    long kilobytes =
        heapInfo
            .lines()
            .map(String::strip)
            .filter(line -> !line.startsWith("Metaspace") && !line.startsWith("class space"))
            .map(USED::matcher)
            .filter(Matcher::find)
            .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
            .sum();
    if (kilobytes == 0) {
      throw new BenchmarkException("jcmd: no heap in its output:\n" + heapInfo);
    }
    return kilobytes * 1024;
  }
}
