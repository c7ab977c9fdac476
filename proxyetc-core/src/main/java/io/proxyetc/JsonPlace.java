package io.proxyetc;

/**
 * Where something stands in a text.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
record JsonPlace(int line, int column) {
  /** The place of the character at an offset. */
  static JsonPlace at(String text, int offset) {
    int line = 1;
    int start = 0;
    for (int i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
      line++;
      start = i + 1;
    }
    return new JsonPlace(line, text.codePointCount(start, Math.max(start, offset)) + 1);
  }

  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
