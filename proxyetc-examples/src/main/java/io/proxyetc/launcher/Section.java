package io.proxyetc.launcher;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * One object of the configuration, its fields asked for by name and type. What is not as it should
 * be becomes a fault, and the field counts as left out. For one thread.
 */
final class Section {
  private static final long DAY = Duration.ofDays(1).toSeconds();
  private static final BigDecimal SECONDS_MOST = BigDecimal.valueOf(Integer.MAX_VALUE);
  private static final BigDecimal WHOLE_MOST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int LONGEST_SHOWN = 40;

  private final Faults faults;
  private final Keys keys;
  private final String path;
  private final int at;
  private final Map<String, Json> fields = new HashMap<>();

  private Section(Json.Obj object, String path, Keys keys, Faults faults) {
    this.faults = faults;
    this.keys = keys;
    this.path = path;
    this.at = object.at();
    for (Json.Member member : object.members()) {
      if (!keys.names().contains(member.name())) {
        faults.add(member.at(), path(member.name()), keys.unknown(member.name()));
      } else if (fields.put(member.name(), member.value()) != null) {
        faults.add(
            member.at(), path(member.name()), "this field stands here twice; remove one of them");
      }
    }
  }

  /** The fields of an object; empty, with a fault, where there is none. */
  static Optional<Section> of(Json value, String path, Keys keys, Faults faults) {
    if (value instanceof Json.Obj object) {
      return Optional.of(new Section(object, path, keys, faults));
    }
    faults.add(value.at(), path, wrong(value, "an object {…}"));
    return Optional.empty();
  }

  /** Where a field is or would be. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    return fields.containsKey(key);
  }

  /** Where a field stands, or this object where the field is not there. */
  Place place(String key) {
    Json value = fields.get(key);
    return faults.place(value == null ? at : value.at(), path(key));
  }

  /** Whether a field is there of which nothing is known: that was noted as a fault already. */
  boolean unknown(String key) {
    return fields.get(key) instanceof Json.Unknown;
  }

  /** A field of any type; empty also where nothing is known of it. */
  Optional<Json> value(String key) {
    if (!keys.names().contains(key)) {
      throw new IllegalArgumentException(path(key) + " is missing in Keys");
    }
    return unknown(key) ? Optional.empty() : Optional.ofNullable(fields.get(key));
  }

  /** Notes a fault of a field, or of this object where the field is not there. */
  void fault(String key, String message) {
    Json value = fields.get(key);
    faults.add(value == null ? at : value.at(), path(key), message);
  }

  /** Notes a fault where a field is missing. */
  void require(String key, String example) {
    if (!has(key)) {
      fault(key, "is missing: write " + example);
    }
  }

  Optional<Section> section(String key, Keys inner) {
    return value(key).flatMap(v -> of(v, path(key), inner, faults));
  }

  /** The items of a list, each read by a function that is given its path. */
  <T> List<T> list(String key, BiFunction<Json, String, Optional<T>> reader) {
    List<T> items = new ArrayList<>();
    Optional<Json> value = value(key);
    if (value.isPresent() && value.get() instanceof Json.Arr array) {
      for (int i = 0; i < array.items().size(); i++) {
        if (!(array.items().get(i) instanceof Json.Unknown)) {
          reader.apply(array.items().get(i), path(key) + "[" + i + "]").ifPresent(items::add);
        }
      }
    } else {
      value.ifPresent(v -> fault(key, wrong(v, "a list […]")));
    }
    return items;
  }

  Optional<String> text(String key) {
    return value(key).flatMap(v -> text(v, path(key)));
  }

  /** A text that is not empty. */
  Optional<String> text(Json value, String where) {
    if (!(value instanceof Json.Text text)) {
      faults.add(value.at(), where, wrong(value, "a text in quotes"));
      return Optional.empty();
    }
    if (text.value().isBlank()) {
      String why =
          text.fromEnvironment()
              ? "the value of " + text.source() + " is empty"
              : "this text is empty";
      faults.add(value.at(), where, why + "; leave the field out, or fill it");
      return Optional.empty();
    }
    return Optional.of(text.value());
  }

  /** One of several words. */
  Optional<String> word(String key, List<String> words) {
    Optional<String> text = text(key);
    if (text.isPresent() && !words.contains(text.get())) {
      fault(key, shown(key) + " is none of " + String.join(", ", words));
      return Optional.empty();
    }
    return text;
  }

  /** A whole number; one that is too large for a long becomes the largest, or the smallest. */
  Optional<Long> whole(String key) {
    Optional<BigDecimal> number = number(key, "a whole number");
    if (number.isPresent() && number.get().stripTrailingZeros().scale() > 0) {
      fault(key, shown(key) + " is no whole number");
      return Optional.empty();
    }
    return number.map(n -> n.min(WHOLE_MOST).max(WHOLE_MOST.negate()).longValue());
  }

  /** A whole number between two others. */
  Optional<Long> whole(String key, long least, long most) {
    Optional<Long> value = whole(key);
    if (value.isPresent() && (value.get() < least || value.get() > most)) {
      String bounds =
          most == Long.MAX_VALUE ? "less than " + least : "not between " + least + " and " + most;
      fault(key, shown(key) + " is " + bounds);
      return Optional.empty();
    }
    return value;
  }

  Optional<Integer> integer(String key, int least, int most) {
    return whole(key, least, most).map(Long::intValue);
  }

  /** A time in seconds, negative ones included; one that is too long becomes one of decades. */
  Optional<Duration> time(String key) {
    return number(key, "a number of seconds")
        .map(n -> n.min(SECONDS_MOST).max(SECONDS_MOST.negate()))
        .map(n -> Duration.ofNanos(n.movePointRight(9).longValue()));
  }

  /** A time in seconds, one day at most. */
  Optional<Duration> seconds(String key) {
    Optional<Duration> time = time(key);
    if (time.isPresent()
        && (time.get().isNegative() || time.get().compareTo(Duration.ofSeconds(DAY)) > 0)) {
      fault(key, shown(key) + " is not between 0 and " + DAY + " seconds");
      return Optional.empty();
    }
    return time;
  }

  Optional<Boolean> bool(String key) {
    return bool(key, "true or false");
  }

  /** True or false, where something else may stand as well. */
  Optional<Boolean> bool(String key, String expected) {
    Optional<Json> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Json.Bool bool) {
      return Optional.of(bool.value());
    }
    if (value.get() instanceof Json.Text text && text.fromEnvironment()) {
      switch (text.value()) {
        case "true" -> {
          return Optional.of(true);
        }
        case "false" -> {
          return Optional.of(false);
        }
        default -> {}
      }
    }
    fault(key, wrong(value.get(), expected));
    return Optional.empty();
  }

  /** A number; also a text that a variable of the environment made one. */
  private Optional<BigDecimal> number(String key, String expected) {
    Optional<Json> value = value(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String literal = "";
    if (value.get() instanceof Json.Num number) {
      literal = number.literal();
    } else if (value.get() instanceof Json.Text text && text.fromEnvironment()) {
      literal = text.value().strip();
    }
    if (literal.matches("-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][-+]?[0-9]{1,6})?")) {
      return Optional.of(new BigDecimal(literal));
    }
    fault(
        key,
        value.get() instanceof Json.Num
            ? shown(key) + " has more digits than " + expected + " needs; write fewer"
            : wrong(value.get(), expected));
    return Optional.empty();
  }

  /** The value of a field as messages have it: what comes from the environment by its name. */
  String shown(String key) {
    Json value = fields.get(key);
    if (value instanceof Json.Text text) {
      return text.fromEnvironment() ? "the value of " + text.source() : "'" + text.value() + "'";
    }
    String literal = value instanceof Json.Num number ? number.literal() : "this value";
    return literal.length() > LONGEST_SHOWN ? literal.substring(0, LONGEST_SHOWN) + "…" : literal;
  }

  private static String wrong(Json value, String expected) {
    String remedy = value instanceof Json.Null ? "; leave the field out instead" : "";
    return value.kind() + " stands here, but " + expected + " is expected" + remedy;
  }
}
