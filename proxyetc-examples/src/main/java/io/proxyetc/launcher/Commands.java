package io.proxyetc.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: {@code proxyetc demo}, {@code run}, {@code check}. */
@Command(
    name = "proxyetc",
    description = "A dynamic reverse proxy: its routes change while traffic flows.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class,
    subcommands = {DemoCommand.class, RunCommand.class, CheckCommand.class},
    footer = {
      "",
      "Begin with:  ./proxyetc demo",
      "PROXYETC_JAVA_OPTS holds further options for the JVM, such as -Xmx512m."
    })
final class Commands implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec
  private Commands() {}

  /** Does what a command line says and gives the exit code. */
  static int execute(String... arguments) {
    CommandLine commandLine = new CommandLine(new Commands());
    commandLine.setExecutionExceptionHandler((e, command, parsed) -> Main.failed(e));
    return commandLine.execute(arguments);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: demo, run or check");
  }

  /** What {@code --version} prints. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {Build.name(), "Java " + System.getProperty("java.version")};
    }
  }
}
