package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.testkit.StoreRecorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed with SIGKILL, again and again. */
class KilledStoreTest {
  private static final int ROUNDS = 20;

  @TempDir private Path directory;

  @Test
  void nothingThatWasAcknowledgedIsLost() throws IOException, InterruptedException {
    Path file = directory.resolve("routes.json");
    Random random = new Random(7);
    Map<Integer, Integer> acknowledged = new HashMap<>();
    long revision = 0;
    int next = 1;
    for (int round = 0; round < ROUNDS; round++) {
      next = 1 + killedWriter(file, next, 1 + random.nextInt(60), acknowledged);
      try (FileRig rig = new FileRig(file)) {
        assertEquals(Map.of(), rig.heard.last().invalid());
        assertTrue(rig.heard.last().revision() > revision, "revisions go on");
        revision = rig.heard.last().revision();
        for (Map.Entry<Integer, Integer> entry : acknowledged.entrySet()) {
          int stored = number(rig.target("k" + entry.getKey()));
          assertTrue(
              stored >= entry.getValue(),
              "k"
                  + entry.getKey()
                  + " is "
                  + stored
                  + ", "
                  + entry.getValue()
                  + " was acknowledged");
          assertEquals(stored, number(rig.target("twin" + entry.getKey())), "half a change");
          next = Math.max(next, stored + 1);
        }
      }
    }
  }

  /** Lets a writer make some changes and kills it; gives the highest number acknowledged. */
  private static int killedWriter(
      Path file, int first, int changes, Map<Integer, Integer> acknowledged)
      throws IOException, InterruptedException {
    Process writer = start(file, first);
    int highest = first;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
      String line = out.readLine();
      for (int seen = 1; line != null; seen++) {
        if (seen == 1) {
          assertLocked(file, writer);
        }
        if (seen == changes) {
          writer.toHandle().destroyForcibly(); // Process.destroyForcibly would close what we read
        }
        String[] words = line.split(" ");
        if (words.length == 2) { // the last line may be torn
          highest = Math.max(highest, Integer.parseInt(words[1]));
          acknowledged.merge(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Math::max);
        }
        line = out.readLine();
      }
    } finally {
      writer.destroyForcibly();
    }
    writer.waitFor();
    return highest;
  }

  private static void assertLocked(Path file, Process owner) {
    FileRouteStore second = new FileRouteStore(file);
    ProxyException fault =
        assertThrows(ProxyException.class, () -> second.start(new StoreRecorder()));
    assertTrue(fault.getMessage().contains("(process " + owner.pid() + ")"), fault.getMessage());
  }

  private static Process start(Path file, int first) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classes,
            KilledWriter.class.getName(),
            file.toString(),
            String.valueOf(first))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static int number(String target) {
    return Integer.parseInt(target.substring("http://n".length(), target.lastIndexOf(':')));
  }
}
