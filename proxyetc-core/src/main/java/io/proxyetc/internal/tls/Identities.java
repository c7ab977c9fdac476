package io.proxyetc.internal.tls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All identities of a listener at one time, found by name. Immutable.
 *
 * <p>The engine asks for an alias first and for key and chain later; a reload may come between. An
 * alias therefore names a generation too, and the generation before is kept.
 */
final class Identities {
  private record Candidate(String alias, Identity identity) {}

  private final List<Identity> list;
  private final List<Candidate> unnamed;
  private final Map<String, List<Candidate>> byName = new HashMap<>();
  private final Map<String, Identity> byAlias = new HashMap<>();
  private final Map<String, Identity> previousByAlias;
  private final long generation;

  /** The first generation. */
  Identities(List<Identity> list, Instant now) {
    this(list, now, 1, Map.of());
  }

  private Identities(
      List<Identity> list, Instant now, long generation, Map<String, Identity> previousByAlias) {
    this.list = List.copyOf(list);
    this.generation = generation;
    this.previousByAlias = previousByAlias;
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Candidate candidate = new Candidate(generation + "." + i, list.get(i));
      byAlias.put(candidate.alias, candidate.identity);
      candidates.add(candidate);
    }
    unnamed = sameNamesAsFirst(candidates);
    candidates.sort(Comparator.comparing(c -> c.identity.outOfTime(now).isPresent()));
    for (Candidate candidate : candidates) {
      for (String name : candidate.identity.names()) {
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(candidate);
      }
    }
  }

  /** For clients without a name: the first, and those that are the same with another key type. */
  private static List<Candidate> sameNamesAsFirst(List<Candidate> all) {
    List<String> names = all.get(0).identity.names();
    return all.stream().filter(c -> c.identity.names().equals(names)).toList();
  }

  /** The next generation. */
  Identities with(List<Identity> next, Instant now) {
    return new Identities(next, now, generation + 1, byAlias);
  }

  List<Identity> list() {
    return list;
  }

  /**
   * The alias for a name: certificates of exactly that name, then those of its wildcard, then the
   * first.
   *
   * @param keyType of the key, as JSSE calls it; the engine asks for one after the other
   * @return null: none of this type for this name
   */
  @Nullable String alias(@Nullable String serverName, String keyType) {
    for (Candidate candidate : candidates(serverName)) {
      if (candidate.identity.key().getAlgorithm().equals(keyType)) {
        return candidate.alias;
      }
    }
    return null;
  }

  @Nullable Identity byAlias(String alias) {
    Identity identity = byAlias.get(alias);
    return identity == null ? previousByAlias.get(alias) : identity;
  }

  private List<Candidate> candidates(@Nullable String serverName) {
    if (serverName == null) {
      return unnamed;
    }
    String name = serverName.toLowerCase(Locale.ROOT);
    List<Candidate> found = byName.get(name);
    int dot = name.indexOf('.');
    if (found == null && dot > 0) {
      found = byName.get("*" + name.substring(dot));
    }
    return found == null ? unnamed : found;
  }
}
