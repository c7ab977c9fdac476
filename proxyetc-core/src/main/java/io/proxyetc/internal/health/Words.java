package io.proxyetc.internal.health;

import java.util.List;

/** Lists of which only a few are named. */
final class Words {
  private static final int NAMED = 5;

  private Words() {}

  /** Joined by commas; of many, how many more there are. */
  static String few(List<String> all) {
    String named = String.join(", ", all.subList(0, Math.min(NAMED, all.size())));
    return all.size() <= NAMED ? named : named + " and " + (all.size() - NAMED) + " more groups";
  }
}
