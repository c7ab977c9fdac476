package io.proxyetc;

import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.StoredRoute;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The routes of a running proxy. Safe for any thread. All changes but {@link #apply} block until
 * the change is durable in the store <em>and</em> live on this proxy, so never call them on an IO
 * thread; they give up after 10 s.
 *
 * <p>They throw {@link InvalidRouteException} for a route that cannot be or that could never be
 * told apart from another, {@link RouteConflictException} when somebody else was faster, and {@link
 * ProxyException} when the store is away.
 */
public interface Routes {
  /** What is live now, in order of id. */
  Collection<Route> list();

  /** The route that is live under an id. */
  Optional<Route> get(String id);

  /** The route that is live under an id, with its revision. */
  Optional<StoredRoute> stored(String id);

  /** The revision of the store that is live. */
  long revision();

  /** What a store or a file holds but the proxy refused: route id to what is wrong with it. */
  Map<String, String> refused();

  /** Adds a route, or replaces the one of that id whatever it was. */
  void put(Route route);

  /** Deletes a route; gives false if there was none. */
  boolean delete(String id);

  /**
   * Makes another group of a route active, at once. Where a switch of this route is under way, that
   * ends.
   */
  void switchTo(String id, String group);

  /** The same for several routes, as one revision: route id to group. */
  void switchTo(Map<String, String> groups);

  /**
   * Begins to make another group of a route active, step by step: docs/switch.md tells how. Returns
   * when the first phase is durable and live; the proxy does the rest by itself, also after a
   * restart. {@link #get} tells where it is: {@link Route#running}.
   *
   * @return completes when the switch ends, in whatever way; exceptionally when the proxy closes
   *     before. What follows it may block, as that of {@link #apply}
   * @throws ProxyException where a switch of this route is under way already
   */
  CompletionStage<SwitchOutcome> switchTo(String id, String group, SwitchOptions options);

  /**
   * The same for several routes: route id to group. They take each step as one revision, and where
   * one has to go back, all do.
   */
  CompletionStage<SwitchOutcome> switchTo(Map<String, String> groups, SwitchOptions options);

  /**
   * The end of the switch that is under way, as {@link #switchTo(String, String, SwitchOptions)}
   * gives it: for who did not begin it. Never blocks.
   *
   * @throws ProxyException where none is under way
   */
  CompletionStage<SwitchOutcome> switchOutcome(String id);

  /**
   * Stops the clock of the switch that is under way, for all of its routes: it takes no further
   * step, but is watched, and goes back where it has to. Does nothing where it is paused already.
   *
   * @throws ProxyException where none is under way
   */
  void pauseSwitch(String id);

  /** Lets a paused switch go on, with what was left of its step's time. */
  void resumeSwitch(String id);

  /**
   * Ends the switch that is under way, for all of its routes: what was active before is active
   * again.
   *
   * @throws ProxyException where none is under way
   */
  void abortSwitch(String id);

  /**
   * Applies several edits as one revision: all or nothing. Never blocks; gives up after 60 s.
   *
   * @return completes with the revision once it is durable and live here; else exceptionally with
   *     one of the exceptions above. It completes on one of a few threads that are there for this:
   *     what follows may block, though 16 that do keep further ones waiting. Where more than 16,384
   *     changes wait, it comes back failed already
   */
  CompletionStage<Long> apply(RouteChange change);
}
