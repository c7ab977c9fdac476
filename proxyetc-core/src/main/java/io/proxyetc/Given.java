package io.proxyetc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a program must give: null is refused where it is given, and not where it is missed. */
final class Given {
  private Given() {}

  /**
   * @param what is given, such as {@code store(…): the store}
   * @param remedy what to do instead of giving null
   */
  static <T> T notNull(String what, @Nullable T value, String remedy) {
    if (value == null) {
      throw new ProxyException(what + " is null: " + remedy);
    }
    return value;
  }

  /** A copy, in which nothing is null. */
  static <T> List<T> each(String what, @Nullable Collection<T> values, String remedy) {
    List<T> copy = new ArrayList<>();
    for (T value : notNull(what, values, remedy)) {
      copy.add(notNull(what + "[" + copy.size() + "]", value, remedy));
    }
    return List.copyOf(copy);
  }
}
