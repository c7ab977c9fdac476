package io.proxyetc.launcher;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads strict JSON (RFC 8259) and keeps the place of every value, so that a fault can be shown
 * where it stands. For one text, by one thread.
 */
final class JsonParser {
  private static final int MAX_DEPTH = 32;

  private final String text;
  private int pos;

  private JsonParser(String text) {
    this.text = text;
  }

  /** A text that is no JSON. */
  static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int at;

    SyntaxException(int at, String message) {
      super(message);
      this.at = at;
    }

    /** Offset of the fault. */
    int at() {
      return at;
    }
  }

  static Json parse(String text) throws SyntaxException {
    JsonParser parser = new JsonParser(text);
    if (text.startsWith("\ufeff")) { // some editors begin a file with it
      parser.pos = 1;
    }
    Json value = parser.value(0);
    if (parser.peek() != END) {
      throw parser.fault("nothing may follow the end of the document");
    }
    return value;
  }

  private static final char END = 0;

  private Json value(int depth) throws SyntaxException {
    if (depth > MAX_DEPTH) {
      throw fault("values may not nest deeper than " + MAX_DEPTH);
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case END -> throw fault("the text ends where a value is expected");
      case '\'' -> throw fault("texts stand in double quotes");
      case '/', '#' -> throw fault("JSON has no comments");
      case '}', ']', ',', ':' -> throw fault("a value is missing before '" + peek() + "'");
      default -> word();
    };
  }

  private Json object(int depth) throws SyntaxException {
    int at = pos++;
    List<Json.Member> members = new ArrayList<>();
    if (peek() != '}') {
      do {
        members.add(member(depth));
      } while (goesOn('}', "fields are separated by ',' and end with '}'"));
    }
    pos++;
    return new Json.Obj(at, pos, members);
  }

  private Json.Member member(int depth) throws SyntaxException {
    switch (peek()) {
      case '"' -> {}
      case '}' -> throw fault("a field is missing after ','");
      case '/', '#' -> throw fault("JSON has no comments");
      default -> throw fault("a field's name in double quotes is expected");
    }
    Json.Text name = string();
    if (peek() != ':') {
      throw fault("a name is followed by ':'");
    }
    pos++;
    return new Json.Member(name.value(), name.at(), value(depth + 1));
  }

  private Json array(int depth) throws SyntaxException {
    int at = pos++;
    List<Json> items = new ArrayList<>();
    if (peek() != ']') {
      do {
        if (peek() == ']') {
          throw fault("an item is missing after ','");
        }
        items.add(value(depth + 1));
      } while (goesOn(']', "items are separated by ',' and end with ']'"));
    }
    pos++;
    return new Json.Arr(at, pos, items);
  }

  /** Takes a comma; false where the end stands instead. */
  private boolean goesOn(char end, String rule) throws SyntaxException {
    char c = peek();
    if (c == end) {
      return false;
    }
    if (c != ',') {
      throw fault(c == END ? "the text ends too early: " + rule : rule);
    }
    pos++;
    return true;
  }

  private Json.Text string() throws SyntaxException {
    int at = pos++;
    int plain = pos;
    StringBuilder decoded = new StringBuilder();
    while (true) {
      char c = pos < text.length() ? text.charAt(pos) : '\n';
      if (c == '"') {
        break;
      }
      if (c == '\n' || c == '\r') {
        throw new SyntaxException(at, "this text has no closing quote on its line");
      }
      if (c < ' ') {
        throw fault("control characters are written as \\u00" + (c < 16 ? "0" : "1") + "…");
      }
      if (c == '\\') {
        decoded.append(text, plain, pos).append(escaped());
        plain = pos;
      } else {
        pos++;
      }
    }
    String value = decoded.append(text, plain, pos).toString();
    pos++;
    return new Json.Text(at, pos, value, value);
  }

  private char escaped() throws SyntaxException {
    char c = pos + 1 < text.length() ? text.charAt(pos + 1) : ' ';
    int short0 = "\"\\/bfnrt".indexOf(c);
    if (short0 >= 0) {
      pos += 2;
      return "\"\\/\b\f\n\r\t".charAt(short0);
    }
    if (c == 'u' && pos + 6 <= text.length()) {
      String hex = text.substring(pos + 2, pos + 6);
      if (hex.chars().allMatch(d -> Character.digit(d, 16) >= 0 && d < 128)) {
        pos += 6;
        return (char) Integer.parseInt(hex, 16);
      }
    }
    throw fault("'\\' is followed by one of \" \\ / b f n r t, or by u and four hex digits");
  }

  private Json word() throws SyntaxException {
    int at = pos;
    int end = pos;
    while (end < text.length() && " \t\r\n,:{}[]\"".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String word = text.substring(at, end);
    Json value =
        switch (word) {
          case "true", "false" -> new Json.Bool(at, end, word.equals("true"));
          case "null" -> new Json.Null(at, end);
          default -> number(at, end, word);
        };
    pos = end;
    return value;
  }

  private Json number(int at, int end, String word) throws SyntaxException {
    if (!word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
      String shown = word.length() > 20 ? word.substring(0, 20) + "…" : word;
      throw fault("'" + shown + "' is neither a number nor true, false or null; texts need quotes");
    }
    return new Json.Num(at, end, word);
  }

  /** The next character that is not blank; {@link #END} behind the last. */
  private char peek() {
    while (pos < text.length() && " \t\r\n".indexOf(text.charAt(pos)) >= 0) {
      pos++;
    }
    return pos < text.length() ? text.charAt(pos) : END;
  }

  private SyntaxException fault(String message) {
    return new SyntaxException(Math.min(pos, text.length()), message);
  }
}
