package io.proxyetc;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of a JSON document, as it was written. */
sealed interface JsonValue {
  /** What people call this kind of value. */
  String kind();

  /**
   * An object.
   *
   * @param fields in the order in which they were written
   * @param duplicate a name that stands here twice; null if none does
   */
  record Obj(Map<String, JsonValue> fields, @Nullable String duplicate) implements JsonValue {
    @Override
    public String kind() {
      return "an object";
    }
  }

  /** An array. */
  record Arr(List<JsonValue> items) implements JsonValue {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A string. */
  record Text(String value) implements JsonValue {
    @Override
    public String kind() {
      return "a text";
    }
  }

  /** A number, as the digits that were written. */
  record Num(String literal) implements JsonValue {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** True or false. */
  record Bool(boolean value) implements JsonValue {
    @Override
    public String kind() {
      return String.valueOf(value);
    }
  }

  /** The word null. */
  record Null() implements JsonValue {
    @Override
    public String kind() {
      return "null";
    }
  }
}
