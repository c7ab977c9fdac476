package io.proxyetc.launcher;

import io.proxyetc.ProxyServer;

/** Ends the JVM in peace when it is told to end (SIGTERM, SIGINT): drains, then exits with 0. */
final class Shutdown {
  private Shutdown() {}

  /** Registers what to do at the end; then the caller may wait for ever. */
  static void drains(ProxyServer proxy, Runnable then) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(proxy, then), "proxyetc-shutdown"));
  }

  /**
   * A JVM that a signal ends would exit with 128 and the signal's number, whatever its hooks do.
   */
  private static void drain(ProxyServer proxy, Runnable then) {
    int code = Main.FAILURE;
    try {
      proxy.close();
      then.run();
      code = Main.OK;
    } catch (RuntimeException | Error e) {
      System.err.println("proxyetc: the end was not in peace: " + e);
      e.printStackTrace();
    } finally {
      System.out.flush();
      System.err.flush();
      Runtime.getRuntime().halt(code);
    }
  }
}
