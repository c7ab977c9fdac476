package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class WorkshopTest {

  @Test
  void leavesNeitherProcessesNorFiles() throws Exception {
    Path directory;
    Process process;
    List<ProcessHandle> children;
    try (Workshop workshop = Workshop.open()) {
      directory = workshop.directory();
      process = workshop.processes().start("sh", List.of("sh", "-c", "sleep 60 & wait"), Map.of());
      while (process.descendants().findAny().isEmpty()) {
        Thread.onSpinWait();
      }
      children = process.descendants().toList();
      assertTrue(ProcessTree.of(process.pid()).pids().size() >= 2);
      assertTrue(ProcessTree.of(process.pid()).residentBytes() > 0);
    }
    assertFalse(process.isAlive());
    for (ProcessHandle child : children) {
      child.onExit().get();
    }
    assertFalse(Files.exists(directory));
  }

  @Test
  void aCommandThatFailsOrHangsIsSaid() {
    try (Workshop workshop = Workshop.open()) {
      BenchmarkException failed =
          assertThrows(
              BenchmarkException.class,
              () -> run(workshop, "echo broken; exit 3", Duration.ofSeconds(20)));
      BenchmarkException slow =
          assertThrows(
              BenchmarkException.class, () -> run(workshop, "sleep 60", Duration.ofMillis(50)));
      assertTrue(failed.getMessage().contains("ended with 3:\nbroken"), failed.getMessage());
      assertTrue(slow.getMessage().contains("not done after"), slow.getMessage());
    }
  }

  private static String run(Workshop workshop, String script, Duration bound) {
    return workshop.processes().run("sh", List.of("sh", "-c", script), bound);
  }
}
