package io.proxyetc.launcher;

import java.util.List;

/**
 * A JSON value that knows where it stands in its text: {@code at} is the offset of its first
 * character.
 */
sealed interface Json {
  /** Offset of the first character. */
  int at();

  /** Offset behind the last character. */
  int end();

  /** What it is, for messages. */
  String kind();

  /** A name and its value; names may come twice. */
  record Member(String name, int at, Json value) {}

  /** {@code {…}}. */
  record Obj(int at, int end, List<Member> members) implements Json {
    @Override
    public String kind() {
      return "an object";
    }
  }

  /** {@code […]}. */
  record Arr(int at, int end, List<Json> items) implements Json {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /**
   * {@code "…"}.
   *
   * @param value decoded, with variables in place
   * @param source as it was before variables took their place: messages show this one, since what
   *     comes from the environment may be a secret
   */
  record Text(int at, int end, String value, String source) implements Json {
    /** Whether a variable of the environment took part in the value. */
    boolean fromEnvironment() {
      return !value.equals(source);
    }

    @Override
    public String kind() {
      return fromEnvironment() ? "the text of " + source : "the text '" + source + "'";
    }
  }

  /** A number as it was written. */
  record Num(int at, int end, String literal) implements Json {
    @Override
    public String kind() {
      return "the number " + literal;
    }
  }

  /** {@code true} or {@code false}. */
  record Bool(int at, int end, boolean value) implements Json {
    @Override
    public String kind() {
      return String.valueOf(value);
    }
  }

  /** {@code null}. */
  record Null(int at, int end) implements Json {
    @Override
    public String kind() {
      return "null";
    }
  }

  /** What a variable of the environment should have given: that it did not is a fault already. */
  record Unknown(int at, int end) implements Json {
    @Override
    public String kind() {
      return "nothing known";
    }
  }
}
