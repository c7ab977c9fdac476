package io.proxyetc.launcher;

import io.proxyetc.ProxyException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Where the command {@code proxyetc} begins and ends. */
public final class Main {
  /** All went well. */
  static final int OK = 0;

  /** Something outside stood in the way, such as a port in use. */
  static final int FAILURE = 1;

  /** The command line, the configuration, or a certificate or a route that it names cannot be. */
  static final int USAGE = 2;

  private Main() {}

  public static void main(String[] arguments) {
    Log.install();
    System.exit(execute(arguments));
  }

  /**
   * What a service or the script asks for goes past picocli: it is compiled for a Java so old that
   * no archive takes its classes, and so takes a third of the time of a start.
   */
  private static int execute(String... arguments) {
    if (arguments.length == 3 && arguments[0].equals("run") && arguments[1].equals("--config")) {
      return guarded(() -> Run.run(Path.of(arguments[2])));
    }
    if (arguments.length == 1 && arguments[0].equals("train")) {
      return guarded(Training::run);
    }
    return Commands.execute(arguments);
  }

  private static int guarded(Callable<Integer> command) {
    try {
      return command.call();
    } catch (Exception e) {
      return failed(e);
    }
  }

  /** What a user can mend is one line; all else comes with its stack trace. */
  static int failed(Exception e) {
    if (e instanceof ProxyException || e instanceof LauncherException) {
      System.err.println("proxyetc: " + e.getMessage());
    } else {
      System.err.println("proxyetc: something failed that should not: please report it");
      e.printStackTrace();
    }
    return FAILURE;
  }
}
