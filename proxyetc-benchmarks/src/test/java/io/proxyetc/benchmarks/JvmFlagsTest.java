package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class JvmFlagsTest {

  @Test
  void keepsHeapCollectorAndXnio() {
    String commandLine =
        String.join(
            "\0",
            "java",
            "-XX:+UseParallelGC",
            "-Xmx256m",
            "-XX:SharedArchiveFile=x",
            "-Xshare:auto",
            "-Dkey=value",
            "-Dxnio.nio.key=value",
            "-cp",
            "a.jar",
            "Main",
            "run",
            "");
    assertEquals(
        List.of("-XX:+UseParallelGC", "-Xmx256m", "-Dxnio.nio.key=value"),
        JvmFlags.parse(commandLine));
  }
}
