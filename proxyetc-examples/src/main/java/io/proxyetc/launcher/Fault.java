package io.proxyetc.launcher;

/**
 * Something in a configuration that cannot be.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param path such as {@code https.port}; empty: the document as a whole
 * @param message what is wrong there and what to do
 */
record Fault(int line, int column, String path, String message) {
  /** {@code file:line:col: path: message}, as editors and terminals make it a link. */
  String in(String file) {
    String where = file + ":" + line + ":" + column + ": ";
    return where + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
