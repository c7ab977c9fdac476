package io.proxyetc.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code proxyetc demo}, {@code run}, {@code check}. */
@Command(
    name = "proxyetc",
    description = "A dynamic reverse proxy: its routes change while traffic flows.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {DemoCommand.class, RunCommand.class, CheckCommand.class, TrainCommand.class},
    footer = {
      "",
      "Begin with:  ./proxyetc demo",
      "PROXYETC_JAVA_OPTS holds further options for the JVM, such as -Xmx512m."
    })
public final class Main implements Runnable {
  /** All went well. */
  static final int OK = 0;

  /** Something stood in the way while it ran, such as a port in use. */
  static final int FAILURE = 1;

  /** The command line or the configuration cannot be. */
  static final int USAGE = 2;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  private Main() {}

  public static void main(String[] arguments) {
    Log.install();
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setExecutionExceptionHandler(Main::failed);
    System.exit(commandLine.execute(arguments));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: demo, run or check");
  }

  /** What a user can mend is one line; all else comes with its stack trace. */
  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    if (e instanceof io.proxyetc.ProxyException || e instanceof LauncherException) {
      System.err.println("proxyetc: " + e.getMessage());
    } else {
      System.err.println("proxyetc: something failed that should not: please report it");
      e.printStackTrace();
    }
    return FAILURE;
  }
}
