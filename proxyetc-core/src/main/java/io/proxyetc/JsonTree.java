package io.proxyetc;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads strict JSON (RFC 8259): no comments, no trailing commas, nothing after the document. */
final class JsonTree {
  /** How deep values may nest. A file of routes needs seven levels. */
  static final int MAX_DEPTH = 16;

  private JsonTree() {}

  /** The whole text as one value. */
  static JsonValue parse(String text, int maxLength) {
    return parse(text, maxLength, JsonTree::read);
  }

  /** Reads a whole text by a function that takes one value from the reader. */
  static <T> T parse(String text, int maxLength, Reading<T> reading) {
    if (text.length() > maxLength) {
      throw new InvalidRouteException(
          "", text.length() + " characters are too many: at most " + maxLength + " are read");
    }
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(MAX_DEPTH);
      T value = reading.read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IOException("text after the end");
      }
      return value;
    } catch (IOException e) {
      throw new InvalidRouteException("", "not valid JSON: " + explain(text, e));
    }
  }

  private static String explain(String text, IOException e) {
    if (text.isBlank()) {
      return "the text is empty";
    }
    return JsonScan.firstFault(text)
        .map(fault -> JsonPlace.at(text, fault.offset()) + ": " + fault.what())
        .orElseGet(() -> String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }

  /** Takes what it wants from a reader. */
  @FunctionalInterface
  interface Reading<T> {
    T read(JsonReader reader) throws IOException;
  }

  /** The next value, whatever it is. */
  static JsonValue read(JsonReader reader) throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object(reader);
      case BEGIN_ARRAY -> array(reader);
      case STRING -> new JsonValue.Text(reader.nextString());
      case NUMBER -> new JsonValue.Num(reader.nextString());
      case BOOLEAN -> new JsonValue.Bool(reader.nextBoolean());
      default -> {
        reader.nextNull();
        yield new JsonValue.Null();
      }
    };
  }

  private static JsonValue object(JsonReader reader) throws IOException {
    Map<String, JsonValue> fields = new LinkedHashMap<>();
    @Nullable String duplicate = null;
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (fields.put(name, read(reader)) != null) {
        duplicate = name;
      }
    }
    reader.endObject();
    return new JsonValue.Obj(fields, duplicate);
  }

  private static JsonValue array(JsonReader reader) throws IOException {
    List<JsonValue> items = new ArrayList<>();
    reader.beginArray();
    while (reader.hasNext()) {
      items.add(read(reader));
    }
    reader.endArray();
    return new JsonValue.Arr(items);
  }
}
