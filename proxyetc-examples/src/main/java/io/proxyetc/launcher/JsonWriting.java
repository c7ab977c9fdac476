package io.proxyetc.launcher;

import java.util.List;

/** From a value back to JSON text. */
final class JsonWriting {
  private JsonWriting() {}

  static String write(Json value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Json value, StringBuilder out) {
    if (value instanceof Json.Obj object) {
      out.append('{');
      for (int i = 0; i < object.members().size(); i++) {
        Json.Member member = object.members().get(i);
        quote(member.name(), out.append(i == 0 ? "" : ","));
        write(member.value(), out.append(':'));
      }
      out.append('}');
    } else if (value instanceof Json.Arr array) {
      List<Json> items = array.items();
      out.append('[');
      for (int i = 0; i < items.size(); i++) {
        write(items.get(i), out.append(i == 0 ? "" : ","));
      }
      out.append(']');
    } else if (value instanceof Json.Text text) {
      quote(text.value(), out);
    } else if (value instanceof Json.Num number) {
      out.append(number.literal());
    } else {
      out.append(value instanceof Json.Bool bool ? String.valueOf(bool.value()) : "null");
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
