package io.proxyetc.internal.assembly;

import io.proxyetc.Active;
import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.SwitchOptions;
import io.proxyetc.SwitchOutcome;
import io.proxyetc.SwitchOutcome.Result;
import io.proxyetc.internal.assembly.SwitchEndings.Announced;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.StoredRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What people ask of switches. Each is a change of the store, on whichever proxy it is asked;
 * {@link Switches} sees it live.
 */
final class SwitchCalls {
  /** Makes changes and waits until they are live. */
  @FunctionalInterface
  interface Editing {
    /**
     * Blocks. Where somebody was faster, the edits are made again from what is live then. No edits:
     * nothing happens.
     */
    void edit(String reason, Function<RouteTable<?>, List<Edit>> edits);
  }

  private final Editing editing;
  private final Supplier<RouteTable<?>> live;
  private final SwitchEndings endings;
  private final SwitchOutcomes outcomes;
  private final SwitchNews news;
  private final SwitchTelling telling;

  SwitchCalls(
      Editing editing,
      Supplier<RouteTable<?>> live,
      SwitchEndings endings,
      SwitchOutcomes outcomes,
      SwitchNews news,
      SwitchTelling telling) {
    this.editing = editing;
    this.live = live;
    this.endings = endings;
    this.outcomes = outcomes;
    this.news = news;
    this.telling = telling;
  }

  void atOnce(Map<String, String> groups) {
    Map<String, String> switched = new TreeMap<>();
    ending(
        "switch",
        table -> {
          switched.clear();
          List<Edit> edits = new Switch(table).atOnce(groups);
          groups.forEach(
              (id, group) -> {
                StoredRoute before = table.stored(id);
                if (before == null
                    || before.route().running().isPresent()
                    || !SwitchSteps.same(before.route().active(), Active.group(group))) {
                  switched.put(id, group);
                }
              });
          return edits;
        },
        (running, after) -> {
          boolean same = SwitchSteps.same(after.active(), Active.group(running.to()));
          String reason =
              "somebody switched to " + SwitchWords.active(after.active()) + " at once meanwhile";
          return new SwitchEnding(same ? Result.DONE : Result.ABORTED, reason, same);
        });
    if (!switched.isEmpty()) {
      telling.switched(switched);
    }
  }

  CompletionStage<SwitchOutcome> begin(Map<String, String> groups, SwitchOptions options) {
    String id = newId();
    String done = "all of the traffic goes to " + SwitchWords.groups(groups);
    if (options.atOnce() || groups.isEmpty()) {
      atOnce(groups);
      return CompletableFuture.completedStage(new SwitchOutcome(id, Result.DONE, done));
    }
    CompletionStage<SwitchOutcome> outcome = outcomes.of(id);
    boolean[] begun = {false};
    try {
      editing.edit(
          "switch " + id,
          table -> {
            List<Edit> edits = new Switch(table).begin(groups, options, id);
            begun[0] = !edits.isEmpty();
            return edits;
          });
    } catch (RuntimeException | Error e) {
      outcomes.forget(id);
      throw e;
    }
    if (!begun[0]) {
      outcomes.forget(id);
      return CompletableFuture.completedStage(
          new SwitchOutcome(id, Result.DONE, done + " already"));
    }
    outcomes.live(id);
    news.wake();
    return outcome;
  }

  /** Unlike that of any other: proxies that share a store do not ask each other. */
  private static String newId() {
    return "s" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 48), Character.MAX_RADIX);
  }

  CompletionStage<SwitchOutcome> outcome(String route) {
    String id = new Switch(live.get()).running(route).id();
    CompletionStage<SwitchOutcome> outcome = outcomes.of(id);
    outcomes.live(id);
    news.wake();
    return outcome;
  }

  void pause(String route, boolean paused) {
    editing.edit(
        paused ? "pause the switch" : "resume the switch",
        table ->
            new Switch(table)
                .edit(
                    route,
                    any ->
                        any.toBuilder()
                            .running(any.running().map(r -> r.withPaused(paused)))
                            .build()));
  }

  void abort(String route) {
    ending(
        "abort the switch",
        table ->
            new Switch(table)
                .edit(
                    route,
                    any ->
                        SwitchSteps.ended(
                            any, any.running().map(RunningSwitch::from).orElse(any.active()))),
        (running, after) ->
            SwitchEnding.of(
                Result.ABORTED,
                "somebody aborted the switch to "
                    + running.to()
                    + ": back to "
                    + SwitchWords.active(after.active())));
  }

  /** Why a switch ends with this route. */
  private interface Why {
    SwitchEnding ends(RunningSwitch running, Route after);
  }

  /** Edits routes, and announces why the switches of those end that are under one. */
  private void ending(String reason, Function<RouteTable<?>, List<Edit>> edits, Why why) {
    Map<String, Announced> announced = new HashMap<>();
    try {
      editing.edit(
          reason,
          table -> {
            announced.forEach(endings::withdraw); // of the time before
            announced.clear();
            List<Edit> made = edits.apply(table);
            for (Edit edit : made) {
              StoredRoute before = table.stored(edit.id());
              if (before != null && edit instanceof Edit.Put put) {
                before
                    .route()
                    .running()
                    .ifPresent(
                        running ->
                            announced.put(
                                edit.id(),
                                endings.announce(
                                    running, put.route(), why.ends(running, put.route()))));
              }
            }
            return made;
          });
    } catch (RuntimeException | Error e) {
      announced.forEach(endings::withdraw);
      throw e;
    }
  }
}
