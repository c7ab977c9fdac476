package io.proxyetc;

import java.util.Optional;

/**
 * Finds places in a JSON text, for messages only: gson, which reads the values, tells no exact
 * places. For one use by one thread.
 */
final class JsonScan {
  private final String text;
  private int pos;

  private JsonScan(String text) {
    this.text = text;
  }

  /** What is wrong with the syntax, and at which offset. */
  record Fault(int offset, String what) {}

  /** The first breach of RFC 8259; empty if there is none. */
  static Optional<Fault> firstFault(String text) {
    JsonScan scan = new JsonScan(text);
    try {
      scan.skipBlanks();
      scan.value(0);
      scan.skipBlanks();
      return scan.pos == text.length()
          ? Optional.empty()
          : Optional.of(new Fault(scan.pos, "nothing may follow the end of the document"));
    } catch (Stop stop) {
      return Optional.of(stop.fault);
    }
  }

  /**
   * The offset of the value at a path such as {@code groups.blue.targets[0].url} in a well-formed
   * text; that of the innermost value around it where there is none.
   */
  static int find(String text, String path) {
    JsonScan scan = new JsonScan(text);
    try {
      scan.skipBlanks();
      return scan.find(path);
    } catch (Stop stop) {
      return stop.fault.offset;
    }
  }

  private int find(String path) {
    String rest = path;
    int found = pos;
    while (!rest.isEmpty() && pos < text.length()) {
      char c = text.charAt(pos);
      int taken = c == '{' ? member(rest) : c == '[' ? item(rest) : 0;
      if (taken == 0) {
        return found;
      }
      found = pos;
      rest = rest.substring(taken);
      rest = rest.startsWith(".") ? rest.substring(1) : rest;
    }
    return found;
  }

  /** Goes to the member that the path begins with, the longest name first; gives its length. */
  private int member(String path) {
    int best = 0;
    int bestAt = pos;
    next();
    while (peek() != '}') {
      String name = string();
      expect(':', "a name is followed by ':'");
      skipBlanks();
      int end = name.length();
      boolean whole =
          path.startsWith(name)
              && (end == path.length() || path.charAt(end) == '.' || path.charAt(end) == '[');
      if (whole && end > best) {
        best = end;
        bestAt = pos;
      }
      value(0);
      if (peek() == ',') {
        next();
      }
    }
    pos = bestAt;
    return best;
  }

  /** Goes to the item that a path such as {@code [3].url} begins with; gives the index's length. */
  private int item(String path) {
    int end = path.indexOf(']');
    if (!path.startsWith("[") || end < 0) {
      return 0;
    }
    next();
    for (int left = Integer.parseInt(path.substring(1, end)); left > 0; left--) {
      skipBlanks();
      value(0);
      expect(',', "items are separated by ','");
    }
    skipBlanks();
    return end + 1;
  }

  private void value(int depth) {
    char c = peek();
    if (depth > JsonTree.MAX_DEPTH) {
      throw stop("values may not nest deeper than " + JsonTree.MAX_DEPTH);
    }
    switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case '\'' -> throw stop("texts stand in double quotes");
      case '/', '#' -> throw stop("JSON has no comments");
      case '}', ']', ',', ':' -> throw stop("a value is missing before '" + c + "'");
      default -> word();
    }
  }

  private void object(int depth) {
    next();
    if (peek() == '}') {
      next();
      return;
    }
    while (true) {
      switch (peek()) {
        case '"' -> string();
        case '}' -> throw stop("a field is missing after ','");
        case '/', '#' -> throw stop("JSON has no comments");
        default -> throw stop("a field's name in double quotes is expected");
      }
      expect(':', "a name is followed by ':'");
      skipBlanks();
      value(depth + 1);
      if (peek() == '}') {
        next();
        return;
      }
      expect(',', "fields are separated by ',' and end with '}'");
    }
  }

  private void array(int depth) {
    next();
    if (peek() == ']') {
      next();
      return;
    }
    while (true) {
      if (peek() == ']') {
        throw stop("an item is missing after ','");
      }
      value(depth + 1);
      if (peek() == ']') {
        next();
        return;
      }
      expect(',', "items are separated by ',' and end with ']'");
    }
  }

  /** Gives what stands between the quotes, undecoded. */
  private String string() {
    skipBlanks();
    int start = pos;
    next();
    while (pos < text.length() && text.charAt(pos) != '"') {
      char c = text.charAt(pos);
      if (c == '\n' || c == '\r') {
        pos = start;
        throw stop("this text has no closing quote on its line");
      }
      if (c < ' ') {
        throw stop("control characters are written as \\u00" + (c < 16 ? "0" : "1") + "…");
      }
      pos += c == '\\' ? escape() : 1;
    }
    if (pos >= text.length()) {
      pos = start;
      throw stop("this text has no closing quote");
    }
    next();
    return text.substring(start + 1, pos - 1);
  }

  private int escape() {
    char c = pos + 1 < text.length() ? text.charAt(pos + 1) : ' ';
    if ("\"\\/bfnrt".indexOf(c) >= 0) {
      return 2;
    }
    boolean four = c == 'u' && pos + 6 <= text.length();
    if (four && text.substring(pos + 2, pos + 6).chars().allMatch(d -> hexDigit(d))) {
      return 6;
    }
    throw stop("'\\' is followed by one of \" \\ / b f n r t, or by u and four hex digits");
  }

  private static boolean hexDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  private void word() {
    int end = pos;
    while (end < text.length() && " \t\r\n,:{}[]\"".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String word = text.substring(pos, end);
    if (!word.matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
      String shown = word.length() > 20 ? word.substring(0, 20) + "…" : word;
      throw stop("'" + shown + "' is neither a number nor true, false or null; texts need quotes");
    }
    pos = end;
  }

  private void expect(char c, String what) {
    if (peek() != c) {
      throw stop(what);
    }
    next();
  }

  /** The next character that is not blank. */
  private char peek() {
    skipBlanks();
    if (pos >= text.length()) {
      throw stop("the text ends too early");
    }
    return text.charAt(pos);
  }

  private void next() {
    pos++;
  }

  private void skipBlanks() {
    while (pos < text.length()
        && (" \t\r\n".indexOf(text.charAt(pos)) >= 0 || (pos == 0 && text.charAt(0) == '\ufeff'))) {
      pos++;
    }
  }

  private Stop stop(String what) {
    return new Stop(new Fault(Math.min(pos, text.length()), what));
  }

  /** Leaves the scan. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    Stop(Fault fault) {
      super(fault.what, null, false, false);
      this.fault = fault;
    }
  }
}
