package io.proxyetc.launcher;

import java.nio.file.Path;

/** What the demo prints: every line that begins with a command works as it stands. */
final class DemoText {
  private DemoText() {}

  /**
   * @param victim the server that is to be killed; the other one of its version goes on
   */
  static String of(String url, Path routes, SampleServer victim, SampleServer other) {
    String text =
        """

        The demo is running: an application in two versions, blue and green, with two servers for each,
        and a proxy in front.

          Open        URL/
          Its routes  FILE

        Try this in another terminal:

          # which version answers? blue
          curl URL/version

          # what does the application get from the proxy?
          curl URL/headers

          # kill one of blue's two servers, VICTIM: OTHER goes on, no request fails, and one alert is printed here
          kill -9 PID; for i in 1 2 3 4 5 6 7 8 9 10; do curl URL/version; done

          # switch to green: the edit is live within a second, and no request fails
          sed -i.bak 's/"active": .*/"active": "green"/' FILE; sleep 1
          curl URL/version

          # nine in ten requests to blue, one to green
          sed -i.bak 's/"active": .*/"active": {"blue": 9, "green": 1}/' FILE; sleep 1
          for i in 1 2 3 4 5 6 7 8 9 10; do curl URL/version; done

          # bodies and events stream through
          curl --data-binary 'hello' URL/echo
          curl --no-buffer URL/sse

        Ctrl-C ends all of it.
        """;
    return text.replace("URL", url)
        .replace("FILE", quoted(routes.toString()))
        .replace("VICTIM", victim.name())
        .replace("OTHER", other.name())
        .replace("PID", String.valueOf(victim.pid()));
  }

  /** As a shell takes it. */
  private static String quoted(String file) {
    boolean plain = file.matches("[A-Za-z0-9/._-]+");
    return plain ? file : "'" + file.replace("'", "'\\''") + "'";
  }
}
