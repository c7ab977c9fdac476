package io.proxyetc.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts variables of the environment into the texts of a document: <code>${NAME}</code>, and <code>
 * ${NAME:-default}</code> where it may be unset or empty. <code>$${</code> stands for a plain
 * <code>
 * ${</code>.
 */
final class Variables {
  private static final Pattern MARK = Pattern.compile("\\$?\\$\\{");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Function<String, @Nullable String> environment;
  private final Faults faults;

  /**
   * @param environment the value of a variable; null where it is unset
   */
  Variables(Function<String, @Nullable String> environment, Faults faults) {
    this.environment = environment;
    this.faults = faults;
  }

  /** The same document with values in place of variables. Names of fields stay as they are. */
  Json in(Json value, String path) {
    if (value instanceof Json.Obj object) {
      List<Json.Member> members = new ArrayList<>(object.members().size());
      for (Json.Member member : object.members()) {
        String inner = path.isEmpty() ? member.name() : path + "." + member.name();
        members.add(new Json.Member(member.name(), member.at(), in(member.value(), inner)));
      }
      return new Json.Obj(object.at(), object.end(), members);
    }
    if (value instanceof Json.Arr array) {
      List<Json> items = new ArrayList<>(array.items().size());
      for (int i = 0; i < array.items().size(); i++) {
        items.add(in(array.items().get(i), path + "[" + i + "]"));
      }
      return new Json.Arr(array.at(), array.end(), items);
    }
    if (value instanceof Json.Text text && text.value().contains("${")) {
      String expanded = expand(text, path);
      return expanded == null
          ? new Json.Unknown(text.at(), text.end())
          : new Json.Text(text.at(), text.end(), expanded, text.source());
    }
    return value;
  }

  /** Null, with a fault, where that cannot be. */
  private @Nullable String expand(Json.Text text, String path) {
    String source = text.source();
    StringBuilder out = new StringBuilder();
    Matcher mark = MARK.matcher(source);
    int done = 0;
    while (mark.find(done)) {
      out.append(source, done, mark.start());
      if (mark.end() - mark.start() == 3) {
        out.append("${");
        done = mark.end();
        continue;
      }
      int close = source.indexOf('}', mark.end());
      if (close < 0) {
        faults.add(text.at(), path, "'${' is not closed: write ${NAME}, or $${ for a plain ${");
        return null;
      }
      String value = value(source.substring(mark.end(), close), text, path);
      if (value == null) {
        return null;
      }
      out.append(value);
      done = close + 1;
    }
    return out.append(source, done, source.length()).toString();
  }

  private @Nullable String value(String inside, Json.Text text, String path) {
    int split = inside.indexOf(":-");
    String name = split < 0 ? inside : inside.substring(0, split);
    if (!NAME.matcher(name).matches()) {
      String message = "'${" + inside + "}' is no variable: write ${NAME} or ${NAME:-default}";
      faults.add(text.at(), path, message + ", or $${ for a plain ${");
      return null;
    }
    String value = environment.apply(name);
    if (split >= 0) {
      return value == null || value.isEmpty() ? inside.substring(split + 2) : value;
    }
    if (value == null) {
      faults.add(
          text.at(),
          path,
          "the variable "
              + name
              + " is not set in the environment: set it, or give a default: ${"
              + name
              + ":-…}");
    }
    return value;
  }
}
