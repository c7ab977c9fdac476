package io.proxyetc;

/**
 * A text that somebody wrote, as messages show it: on one line, and of a long one the beginning.
 */
final class Quoted {
  private static final int SHOWN = 100;

  private Quoted() {}

  /** In quotes. */
  static String of(String text) {
    return "'" + start(text) + "'";
  }

  /** Without quotes. */
  static String start(String text) {
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return shown.replaceAll("\\p{Cntrl}", "\uFFFD");
  }
}
