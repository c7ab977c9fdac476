package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code ./proxyetc}, with a Maven and a Java of the test's own that note how they were
 * called.
 */
class ScriptTest {
  private static final String MVN =
      """
      #!/bin/sh
      echo "mvn $*" >> CALLS
      mkdir -p proxyetc-examples/target/lib
      echo jar > proxyetc-examples/target/proxyetc-examples-1.jar
      echo jar > proxyetc-examples/target/proxyetc-examples-1-sources.jar
      echo jar > proxyetc-examples/target/lib/core.jar
      """;
  private static final String JAVA =
      """
      #!/bin/sh
      case " $* " in
        *" -version "*) echo 'openjdk version "VERSION" 2021-09-14' >&2 ;;
        *" train "*) for a; do case $a in -XX:ArchiveClassesAtExit=*) echo jsa > "${a#*=}" ;; esac; done ;;
        *) echo "java $$ $*"; echo "in $(pwd)" ;;
      esac
      """;

  @TempDir private Path dir;
  private Path root;
  private Path bin;

  @BeforeEach
  void repository() throws IOException {
    Programs.require("bash", "sed", "find", "readlink");
    root = Files.createDirectories(dir.resolve("a clone"));
    bin = Files.createDirectories(dir.resolve("bin"));
    Files.copy(Repository.root().resolve("proxyetc"), root.resolve("proxyetc"));
    assertTrue(root.resolve("proxyetc").toFile().setExecutable(true));
    for (String module : List.of("proxyetc-core", "proxyetc-mail", "proxyetc-examples")) {
      Files.createDirectories(root.resolve(module).resolve("src/main/java"));
      source(module + "/pom.xml");
    }
    source("pom.xml");
    source(".mvn/jvm.config");
    source("proxyetc-core/src/main/java/A.java");
    program("mvn", MVN.replace("CALLS", dir.resolve("calls").toString()));
    program("java", JAVA.replace("VERSION", "17.0.1"));
  }

  @Test
  void itBuildsOnFirstUseAndThenOnlyWhenASourceIsNewer() throws Exception {
    assertTrue(run("--version").err().contains("proxyetc: building"));
    assertEquals(1, builds());
    Running second = run("--version");
    assertEquals("", second.err());
    assertEquals(1, builds());

    Instant later = Instant.now().plusSeconds(5);
    source("proxyetc-core/src/main/java/B.java");
    Files.setLastModifiedTime(
        root.resolve("proxyetc-core/src/main/java/B.java"), FileTime.from(later));
    run("--version");
    assertEquals(2, builds());
  }

  @Test
  void aTestOrADocumentIsNoReasonToBuild() throws Exception {
    run("--version");
    source("README.md");
    source("proxyetc-core/src/test/java/T.java");
    run("--version");
    assertEquals(1, builds());
  }

  @Test
  void theJvmTakesThePlaceOfTheScriptSoThatSignalsReachIt() throws Exception {
    Running running = run("run", "--config", "x y.json");
    assertTrue(running.out().startsWith("java " + running.pid() + " "), running.out());
    assertTrue(running.out().contains(" io.proxyetc.launcher.Main run --config x y.json\n"));
  }

  @Test
  void itRunsTheJarsOfTheBuildFromTheUsersDirectory() throws Exception {
    Running running = run("demo");
    assertTrue(running.out().contains("/core.jar:"), running.out());
    assertTrue(running.out().contains("/proxyetc-examples-1.jar "), running.out());
    assertFalse(running.out().contains("-sources.jar"), running.out());
    assertTrue(running.out().contains("in " + dir.toRealPath()), running.out());
  }

  @Test
  void itCanBeCalledThroughASymbolicLink() throws Exception {
    Path first = Files.createSymbolicLink(dir.resolve("first"), Path.of("a clone/proxyetc"));
    Path link = Files.createSymbolicLink(bin.resolve("px"), first);
    Running running = start(Map.of(), link.toString(), "--version");
    assertEquals(0, running.code(), running.err());
    assertTrue(running.out().contains("io.proxyetc.launcher.Main --version"), running.out());
  }

  @Test
  void theArchiveOfClassesIsMadeOnceAndUsed() throws Exception {
    assertTrue(run("demo").out().contains("/classes-17.0.1.jsa -Xshare:auto "));
    program(
        "java",
        JAVA.replace("VERSION", "17.0.1").replace("*\" train \"*)", "*\" train \"*) exit 1;"));
    assertTrue(run("demo").out().contains("/classes-17.0.1.jsa -Xshare:auto "), "the old one fits");
  }

  @Test
  void withoutAnArchiveItRunsAllTheSame() throws Exception {
    program(
        "java",
        JAVA.replace("VERSION", "17.0.1").replace("*\" train \"*)", "*\" train \"*) exit 1;"));
    Running running = run("demo");
    assertTrue(running.out().contains("io.proxyetc.launcher.Main demo"), running.out());
    assertFalse(running.out().contains("SharedArchiveFile"), running.out());
  }

  @Test
  void optionsOfTheUserWin() throws Exception {
    Running running = run(Map.of("PROXYETC_JAVA_OPTS", "-Xmx1g -XX:+UseG1GC"), "demo");
    String out = running.out();
    assertTrue(out.indexOf("-Xmx256m") < out.indexOf("-Xmx1g -XX:+UseG1GC"), out);
    assertFalse(out.contains("UseSerialGC"), "the JVM takes one collector only");
    assertTrue(run("demo").out().contains("-XX:+UseSerialGC"));
  }

  @Test
  void aJavaThatIsTooOldIsNamed() throws Exception {
    for (String version : List.of("11.0.2", "1.8.0_292")) {
      program("java", JAVA.replace("VERSION", version));
      Running running = start(Map.of(), root.resolve("proxyetc").toString(), "demo");
      assertEquals(1, running.code());
      assertEquals(
          "proxyetc: "
              + bin.resolve("java")
              + " is Java "
              + version
              + ", but 17 or later is needed: set JAVA_HOME to one\n",
          running.err());
    }
  }

  @Test
  void javaHomeComesFirst() throws Exception {
    Path home = Files.createDirectories(dir.resolve("jdk/bin")).getParent();
    Files.copy(bin.resolve("java"), home.resolve("bin/java"));
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"25.0.1\"\n");
    program("java", "#!/bin/sh\nexit 7\n");
    Running running = run(Map.of("JAVA_HOME", home.toString()), "demo");
    assertTrue(running.out().contains("/classes-25.0.1.jsa"), running.out());

    Running wrong =
        start(Map.of("JAVA_HOME", root.toString()), root.resolve("proxyetc").toString(), "demo");
    assertEquals(1, wrong.code());
    assertTrue(wrong.err().contains("there is no bin/java"), wrong.err());
  }

  @Test
  void aBuildThatFailsShowsWhyAndLeavesTheOldOne() throws Exception {
    run("--version");
    program("mvn", "#!/bin/sh\necho 'A.java: cannot find symbol'\nexit 1\n");
    Instant later = Instant.now().plusSeconds(5);
    Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.from(later));
    Running running = start(Map.of(), root.resolve("proxyetc").toString(), "demo");
    assertEquals(1, running.code());
    assertTrue(running.err().contains("A.java: cannot find symbol"), running.err());
    assertTrue(running.err().endsWith("proxyetc: the build failed: see above\n"), running.err());
  }

  @Test
  void runningProxiesKeepTheirJarsWhenItBuildsAgain() throws Exception {
    run("--version");
    Path before = jar();
    Instant later = Instant.now().plusSeconds(5);
    Files.setLastModifiedTime(root.resolve("pom.xml"), FileTime.from(later));
    run("--version");
    assertTrue(Files.exists(before));
    assertEquals(2, builds());
  }

  private Path jar() {
    String out = run("demo").out();
    String classPath = out.substring(out.indexOf("-cp ") + 4);
    return Path.of(classPath.substring(0, classPath.indexOf(':')));
  }

  private long builds() throws IOException {
    return Files.readAllLines(dir.resolve("calls")).size();
  }

  private Running run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private Running run(Map<String, String> environment, String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = root.resolve("proxyetc").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Running running = start(environment, command);
    assertEquals(0, running.code(), running.err());
    return running;
  }

  private Running start(Map<String, String> environment, String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
    builder.environment().remove("JAVA_HOME");
    builder.environment().remove("PROXYETC_JAVA_OPTS");
    builder.environment().merge("PATH", bin.toString(), (path, ours) -> ours + ":" + path);
    builder.environment().putAll(environment);
    return Running.start(builder);
  }

  /** A file that is older than any build to come. */
  private void source(String file) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "");
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(bin.resolve(name), text);
    assertTrue(file.toFile().setExecutable(true));
  }
}
