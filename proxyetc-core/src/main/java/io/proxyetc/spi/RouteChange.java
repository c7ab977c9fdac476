package io.proxyetc.spi;

import io.proxyetc.Route;
import java.util.List;
import java.util.OptionalLong;

/**
 * Several edits that become one revision, or none of them.
 *
 * @param edits one per route at most
 * @param author who asked, for the history
 * @param reason why, for the history; may be empty
 */
public record RouteChange(List<Edit> edits, String author, String reason) {
  public RouteChange {
    edits = List.copyOf(edits);
    long ids = edits.stream().map(Edit::id).distinct().count();
    if (ids != edits.size()) {
      throw new IllegalArgumentException(
          "a change may hold one edit per route: join the edits of a route");
    }
  }

  /** One edit by one author. */
  public static RouteChange of(String author, Edit... edits) {
    return new RouteChange(List.of(edits), author, "");
  }

  /** Put or delete. */
  public sealed interface Edit {
    /** The route's id. */
    String id();

    /** The revision the route must have; 0: it must be absent; empty: whatever it is. */
    OptionalLong expected();

    /**
     * Adds or replaces a route.
     *
     * @param route what to put
     * @param expected see {@link Edit#expected}
     */
    record Put(Route route, OptionalLong expected) implements Edit {
      @Override
      public String id() {
        return route.id();
      }
    }

    /**
     * Deletes a route. Deleting what is absent changes nothing and is no error, unless a revision
     * was expected.
     *
     * @param id which
     * @param expected see {@link Edit#expected}
     */
    record Delete(String id, OptionalLong expected) implements Edit {}

    /** Puts a route whatever was there. */
    static Edit put(Route route) {
      return new Put(route, OptionalLong.empty());
    }

    /** Puts a route if it still has this revision; 0: if it is absent. */
    static Edit put(Route route, long expected) {
      return new Put(route, OptionalLong.of(expected));
    }

    /** Deletes a route whatever it was. */
    static Edit delete(String id) {
      return new Delete(id, OptionalLong.empty());
    }
  }
}
