package io.proxyetc;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, asked for by name and type. Whatever is not as it should be is an
 * {@link InvalidRouteException} with the path of the field.
 */
final class JsonFields {
  private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(Integer.MAX_VALUE);

  private final Map<String, JsonValue> fields;
  private final String path;

  private JsonFields(Map<String, JsonValue> fields, String path) {
    this.fields = fields;
    this.path = path;
  }

  /** The fields of an object of which all names are known. */
  static JsonFields of(JsonValue value, String path, KnownFields known) {
    JsonFields fields = free(value, path);
    for (String name : fields.fields.keySet()) {
      known.check(name, fields.path(name));
    }
    return fields;
  }

  /** The same where something else may stand instead of an object: what is expected names both. */
  static JsonFields of(JsonValue value, String path, KnownFields known, String expected) {
    if (!(value instanceof JsonValue.Obj)) {
      throw wrong(path, value, expected);
    }
    return of(value, path, known);
  }

  /** The fields of an object whose names are the user's own. */
  static JsonFields free(JsonValue value, String path) {
    if (!(value instanceof JsonValue.Obj object)) {
      throw wrong(path, value, "an object {…}");
    }
    @Nullable String duplicate = object.duplicate();
    if (duplicate != null) {
      throw new InvalidRouteException(
          join(path, duplicate), "this field stands here twice; remove one of them");
    }
    return new JsonFields(object.fields(), path);
  }

  /** Where a field is. */
  String path(String name) {
    return join(path, name);
  }

  /** Whether a field is there. */
  boolean has(String name) {
    return fields.containsKey(name);
  }

  /** A field of any type. */
  Optional<JsonValue> value(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** A field that a function reads, given its path. */
  <T> Optional<T> read(String name, BiFunction<JsonValue, String, T> reader) {
    return value(name).map(v -> reader.apply(v, path(name)));
  }

  /** The same with a default, which stands for a value equal to it, too. */
  <T> T read(String name, T byDefault, BiFunction<JsonValue, String, T> reader) {
    return value(name).map(v -> shared(reader.apply(v, path(name)), byDefault)).orElse(byDefault);
  }

  /** The default for a value equal to it: 100,000 routes that say what holds anyway share it. */
  static <T> T shared(T value, T byDefault) {
    return value.equals(byDefault) ? byDefault : value;
  }

  /** Every field by a function that is given its path, in the order in which they stand. */
  <T> Map<String, T> all(BiFunction<JsonValue, String, T> reader) {
    Map<String, T> all = new LinkedHashMap<>();
    fields.forEach((name, value) -> all.put(name, reader.apply(value, path(name))));
    return all;
  }

  /** A string that must be there. */
  String text(String name, String example) {
    return read(name, JsonFields::text)
        .orElseThrow(() -> new InvalidRouteException(path(name), "is missing; write " + example));
  }

  /** The items of an array, each read by a function that is given its path. */
  static <T> List<T> list(JsonValue value, String path, BiFunction<JsonValue, String, T> reader) {
    if (!(value instanceof JsonValue.Arr array)) {
      throw wrong(path, value, "a list […]");
    }
    List<JsonValue> items = array.items();
    return java.util.stream.IntStream.range(0, items.size())
        .mapToObj(i -> reader.apply(items.get(i), path + "[" + i + "]"))
        .toList();
  }

  /** The items of an array that may hold each of them once. */
  static <T> List<T> distinct(
      JsonValue value, String path, BiFunction<JsonValue, String, T> reader) {
    List<T> items = list(value, path, reader);
    Set<T> seen = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      if (!seen.add(items.get(i))) {
        throw new InvalidRouteException(
            path + "[" + i + "]", "the same stands here twice; remove one of them");
      }
    }
    return items;
  }

  static String text(JsonValue value, String path) {
    if (!(value instanceof JsonValue.Text text)) {
      throw wrong(path, value, "a text in quotes");
    }
    return text.value();
  }

  static boolean bool(JsonValue value, String path) {
    if (!(value instanceof JsonValue.Bool bool)) {
      throw wrong(path, value, "true or false");
    }
    return bool.value();
  }

  /** A whole number; also one written as {@code 2.0} or {@code 1e1}. */
  static int integer(JsonValue value, String path) {
    BigDecimal number = number(value, path, "a whole number");
    try {
      return number.intValueExact();
    } catch (ArithmeticException e) {
      if (number.stripTrailingZeros().scale() <= 0) {
        throw beyond(path, value);
      }
      throw new InvalidRouteException(
          path, ((JsonValue.Num) value).literal() + " is no whole number");
    }
  }

  private static InvalidRouteException beyond(String path, JsonValue number) {
    String literal = ((JsonValue.Num) number).literal();
    return new InvalidRouteException(path, literal + " is beyond all bounds here");
  }

  /** A number with decimals. */
  static double decimal(JsonValue value, String path) {
    double number = number(value, path, "a number").doubleValue();
    if (Double.isInfinite(number)) {
      throw beyond(path, value);
    }
    return number;
  }

  /** Whole numbers, each once. */
  static Set<Integer> integers(JsonValue value, String path) {
    return Set.copyOf(distinct(value, path, JsonFields::integer));
  }

  /** The constant of an enum, which is written in lower case. */
  static <E extends Enum<E>> E choice(JsonValue value, String path, Class<E> type) {
    String text = text(value, path);
    for (E constant : type.getEnumConstants()) {
      if (RulesReader.word(constant).equals(text)) {
        return constant;
      }
    }
    throw new InvalidRouteException(
        path,
        Quoted.of(text)
            + " is not known here; write one of "
            + String.join(", ", RulesReader.words(EnumSet.allOf(type))));
  }

  /** Seconds with up to nine decimals, negative ones included: the bounds are for who takes it. */
  static Duration seconds(JsonValue value, String path) {
    BigDecimal seconds = number(value, path, "a number of seconds");
    String literal = ((JsonValue.Num) value).literal();
    if (seconds.abs().compareTo(MOST_SECONDS) > 0) {
      String bound = seconds.signum() < 0 ? " s is less than 0" : " s is beyond all bounds here";
      throw new InvalidRouteException(path, literal + bound);
    }
    try {
      return Duration.ofNanos(seconds.movePointRight(9).longValueExact());
    } catch (ArithmeticException e) {
      throw new InvalidRouteException(path, literal + " has more than nine decimals");
    }
  }

  private static BigDecimal number(JsonValue value, String path, String expected) {
    if (!(value instanceof JsonValue.Num number)) {
      throw wrong(path, value, expected);
    }
    if (number.literal().length() > 40) {
      throw new InvalidRouteException(path, "this number has too many digits");
    }
    try {
      return new BigDecimal(number.literal());
    } catch (NumberFormatException e) { // an exponent beyond 32 bits
      throw new InvalidRouteException(path, number.literal() + " is out of range");
    }
  }

  /** What {@code make} gives; its faults are put under a path. */
  static <T> T under(String path, Supplier<T> make) {
    try {
      return make.get();
    } catch (InvalidRouteException e) {
      throw path.isEmpty() ? e : e.under(path);
    }
  }

  /** What {@code make} gives from a short form: it has no fields to which faults could point. */
  static <T> T whole(String path, Supplier<T> make) {
    try {
      return make.get();
    } catch (InvalidRouteException e) {
      throw new InvalidRouteException(path, e.fault());
    }
  }

  static InvalidRouteException wrong(String path, JsonValue value, String expected) {
    String remedy = value instanceof JsonValue.Null ? "; leave the field out instead" : "";
    return new InvalidRouteException(
        path, value.kind() + " stands here, but " + expected + " is expected" + remedy);
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
