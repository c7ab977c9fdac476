package io.proxyetc;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The names that the fields of an object may have.
 *
 * @param names in the order in which they are written
 * @param hints what to say to names that people try, such as those of other proxies
 */
record KnownFields(List<String> names, Map<String, String> hints) {
  KnownFields {
    names = List.copyOf(names);
    hints = Map.copyOf(hints);
  }

  static KnownFields of(String... names) {
    return new KnownFields(List.of(names), Map.of());
  }

  KnownFields hint(String name, String hint) {
    Map<String, String> more = new java.util.HashMap<>(hints);
    more.put(name, hint);
    return new KnownFields(names, more);
  }

  /** Refuses a name that is not among these. */
  void check(String name, String path) {
    if (names.contains(name)) {
      return;
    }
    String hint = hints.get(name);
    if (hint == null) {
      hint = nearest(name);
    }
    throw new InvalidRouteException(
        path,
        "unknown field"
            + (hint.isEmpty() ? "" : "; " + hint)
            + "; known here: "
            + String.join(", ", names));
  }

  private String nearest(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String best = "";
    int bestDistance = Math.min(3, name.length() / 2 + 1);
    for (String known : names) {
      int distance = distance(lower, known.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = known;
      }
    }
    return best.isEmpty() ? "" : "did you mean '" + best + "'?";
  }

  /** How many characters must be added, dropped, changed or swapped with their neighbour. */
  private static int distance(String a, String b) {
    if (a.length() > 40) {
      return Integer.MAX_VALUE;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
