package io.proxyetc.testkit;

import java.util.ArrayList;
import java.util.List;

/** The real curl as a client. */
public final class Curl {
  private Curl() {}

  /**
   * What curl told.
   *
   * @param code its exit code: 0 for success, 18 for a body that was cut
   * @param status the final status; 0 where there was none
   * @param httpVersion such as {@code 1.1} or {@code 2}
   * @param connections how many it opened
   * @param out everything it printed of the answer
   * @param err its complaints
   */
  public record Answer(
      int code, int status, String httpVersion, int connections, String out, String err) {}

  /** Runs curl silently with these arguments; skips or fails the test where curl is missing. */
  public static Answer run(String... arguments) {
    return runWithInput("", arguments);
  }

  /** The same with something on its standard input ({@code --data-binary @-}). */
  public static Answer runWithInput(String input, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Peers.require("curl").toString());
    command.addAll(List.of("-sS", "--noproxy", "*", "--max-time", "20"));
    command.addAll(
        List.of("-w", "%{stderr}\nstatus=%{http_code} %{http_version} %{num_connects}\n"));
    command.addAll(List.of(arguments));
    Processes.Result result = Processes.run(command, input);
    int mark = result.err().lastIndexOf("\nstatus=");
    if (mark < 0) {
      throw new AssertionError("curl failed: " + result.err());
    }
    String[] words = result.err().substring(mark + 8).strip().split(" ");
    return new Answer(
        result.code(),
        Integer.parseInt(words[0]),
        words[1],
        Integer.parseInt(words[2]),
        result.out(),
        result.err().substring(0, mark));
  }
}
