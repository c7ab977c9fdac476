package io.proxyetc.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * A header or trailer field as it stood on the wire.
 *
 * @param name in the case that was sent
 * @param value without the blanks around it
 */
public record Field(String name, String value) {

  /** The values of all fields of a name, in order. */
  public static List<String> values(List<Field> fields, String name) {
    List<String> values = new ArrayList<>();
    for (Field field : fields) {
      if (field.name().equalsIgnoreCase(name)) {
        values.add(field.value());
      }
    }
    return List.copyOf(values);
  }

  /**
   * Reads the lines behind a start line, and adds to {@code faults} what no strict parser would
   * take.
   */
  static List<Field> parse(String[] lines, int from, List<String> faults) {
    List<Field> fields = new ArrayList<>();
    for (int i = from; i < lines.length; i++) {
      String line = lines[i];
      int colon = line.indexOf(':');
      String name = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1).strip();
      if (colon < 1 || !name.chars().allMatch(Field::isTokenChar)) {
        faults.add("no field: '" + Wire.show(line) + "'");
      }
      if (!value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f))) {
        faults.add("control character in a value: '" + Wire.show(line) + "'");
      }
      fields.add(new Field(name, value));
    }
    return List.copyOf(fields);
  }

  /** Whether a character may stand in a field name (RFC 9110, section 5.6.2). */
  private static boolean isTokenChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
