package io.proxyetc.launcher;

/**
 * Where something stands in a document.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param path such as {@code https.port}; empty: the document as a whole
 */
record Place(int line, int column, String path) {
  Fault fault(String message) {
    return new Fault(line, column, path, message);
  }
}
