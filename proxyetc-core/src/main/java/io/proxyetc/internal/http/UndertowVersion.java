package io.proxyetc.internal.http;

import io.proxyetc.ProxyException;
import io.undertow.Version;

/** A build tool may put another Undertow on the class path than the one this proxy is built for. */
public final class UndertowVersion {
  private static final String LINE = "2.4.";

  private UndertowVersion() {}

  /**
   * Checks the version that is there.
   *
   * @throws ProxyException naming the version that was found and the one that is needed
   */
  public static void check() {
    check(Version.getVersionString());
  }

  static void check(String found) {
    if (!found.startsWith(LINE)) {
      throw new ProxyException(
          "undertow-core "
              + found
              + " is on the class path, but proxyetc needs "
              + LINE
              + "x: pin io.undertow:undertow-core in your build (a framework's dependency management may override it)");
    }
  }
}
