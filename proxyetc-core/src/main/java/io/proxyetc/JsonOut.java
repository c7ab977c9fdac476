package io.proxyetc;

import com.google.gson.FormattingStyle;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/** Writes fields that are left out at their default, and short things on one line. */
final class JsonOut {
  private static final FormattingStyle ONE_LINE =
      FormattingStyle.COMPACT.withSpaceAfterSeparators(true);
  private static final int LINE = 80;

  private final JsonWriter json;

  JsonOut(Writer out) {
    json = new JsonWriter(out);
    json.setFormattingStyle(FormattingStyle.PRETTY);
  }

  JsonWriter json() {
    return json;
  }

  /** What writes the fields of an object. */
  interface Fields {
    void write() throws IOException;
  }

  /** An object on one line. */
  void line(Fields fields) throws IOException {
    json.beginObject();
    json.setFormattingStyle(ONE_LINE);
    fields.write();
    json.endObject();
    json.setFormattingStyle(FormattingStyle.PRETTY);
  }

  void number(String name, int value, int byDefault) throws IOException {
    if (value != byDefault) {
      json.name(name).value(value);
    }
  }

  void text(String name, String value, String byDefault) throws IOException {
    if (!value.equals(byDefault)) {
      json.name(name).value(value);
    }
  }

  void word(String name, Enum<?> value, Enum<?> byDefault) throws IOException {
    if (value != byDefault) {
      json.name(name).value(RulesReader.word(value));
    }
  }

  void seconds(String name, Duration value, Duration byDefault) throws IOException {
    if (!value.equals(byDefault)) {
      json.name(name).jsonValue(seconds(value));
    }
  }

  static String seconds(Duration value) {
    return BigDecimal.valueOf(value.toNanos(), 9).stripTrailingZeros().toPlainString();
  }

  void numbers(String name, Set<Integer> values, Set<Integer> byDefault) throws IOException {
    if (values.equals(byDefault)) {
      return;
    }
    json.name(name).beginArray();
    FormattingStyle before = json.getFormattingStyle();
    json.setFormattingStyle(ONE_LINE);
    for (int value : values.stream().sorted().toList()) {
      json.value(value);
    }
    json.endArray();
    json.setFormattingStyle(before);
  }

  void fieldMap(String name, Map<String, String> fields) throws IOException {
    if (fields.isEmpty()) {
      return;
    }
    json.name(name).beginObject();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      json.name(field.getKey()).value(field.getValue());
    }
    json.endObject();
  }

  void texts(String name, Collection<String> texts) throws IOException {
    if (!texts.isEmpty()) {
      json.name(name);
      texts(texts);
    }
  }

  /** An array on one line where it is short. */
  void texts(Collection<String> texts) throws IOException {
    boolean brief = texts.stream().mapToInt(text -> text.length() + 4).sum() < LINE;
    FormattingStyle before = json.getFormattingStyle();
    json.beginArray();
    json.setFormattingStyle(brief ? ONE_LINE : FormattingStyle.PRETTY);
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
    json.setFormattingStyle(before);
  }
}
