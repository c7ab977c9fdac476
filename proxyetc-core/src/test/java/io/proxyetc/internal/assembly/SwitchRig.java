package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteConflictException;
import io.proxyetc.RunningSwitch;
import io.proxyetc.SwitchOptions;
import io.proxyetc.SwitchOutcome;
import io.proxyetc.internal.assembly.GroupCounts.Counts;
import io.proxyetc.internal.health.HealthBoard;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.StoredRoute;
import io.proxyetc.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Switches without a proxy: a store, a clock, health and counts that a test moves by hand. */
final class SwitchRig implements AutoCloseable {
  final Map<String, StoredRoute> live = new HashMap<>();
  final List<HealthEvent> events = new ArrayList<>();
  final List<HealthBoard.Fault> faults = new ArrayList<>();
  final Map<String, Counts> counts = new HashMap<>();
  private final Followers followers = new Followers();
  private long revision;
  private long nanos = 42;
  boolean leads = true;

  /** How often a change was given to the store. */
  int submitted;

  /** Whether anything is counted. */
  boolean counted = true;

  /** Whether the store refuses everything. */
  boolean away;

  /** Changes that the store has not answered yet; null: it answers at once. */
  @Nullable List<Runnable> held;

  private SwitchNews news;
  private SwitchEndings endings;
  private SwitchOutcomes outcomes;
  private Switches switches;

  SwitchRig() {
    restart();
  }

  /** What a crash leaves is the store. */
  void restart() {
    news = new SwitchNews(live::get);
    endings = new SwitchEndings();
    outcomes = new SwitchOutcomes(followers);
    switches =
        new Switches(
            new Switches.Surroundings(
                live::get,
                new SwitchJudge(
                    (route, group) -> List.copyOf(faults),
                    (route, group) ->
                        counted
                            ? Optional.of(
                                counts.getOrDefault(route + "/" + group, new Counts(0, 0)))
                            : Optional.empty()),
                new SwitchTelling(events::add),
                () -> leads,
                () -> nanos),
            news,
            endings,
            outcomes,
            new SwitchChanges(this::submit, endings, news::wake));
    events.clear();
    counts.clear();
    news.changed(Set.copyOf(live.keySet()));
    look();
  }

  // ---- the store ----

  private CompletableFuture<Long> submit(RouteChange change) {
    submitted++;
    CompletableFuture<Long> done = new CompletableFuture<>();
    if (away) {
      done.completeExceptionally(new ProxyException("the store is away"));
    } else if (held != null) {
      held.add(() -> store(change, done));
    } else {
      store(change, done);
    }
    return done;
  }

  private void store(RouteChange change, CompletableFuture<Long> done) {
    for (Edit edit : change.edits()) {
      StoredRoute now = live.get(edit.id());
      long is = now == null ? 0 : now.revision();
      if (edit.expected().isPresent() && edit.expected().getAsLong() != is) {
        done.completeExceptionally(
            new RouteConflictException(edit.id(), edit.expected().getAsLong(), is));
        return;
      }
    }
    revision++;
    Set<String> ids = new HashSet<>();
    for (Edit edit : change.edits()) {
      ids.add(edit.id());
      StoredRoute now = live.get(edit.id());
      if (edit instanceof Edit.Put put) {
        if (now == null || !position(now.route()).equals(position(put.route()))) {
          counts.remove(edit.id() + "/green"); // another phase
        }
        live.put(edit.id(), new StoredRoute(put.route(), revision));
      } else {
        live.remove(edit.id());
      }
    }
    news.changed(ids);
    done.complete(revision);
  }

  private static Optional<SwitchSteps.Position> position(Route route) {
    return route.running().map(SwitchSteps.Position::of);
  }

  /** Somebody else changes routes, or a test does. */
  void edit(Edit... edits) {
    store(RouteChange.of("test", edits), new CompletableFuture<>());
  }

  void put(Route route) {
    edit(Edit.put(route));
  }

  /** The store answers what it holds. */
  void answer() {
    List<Runnable> all = List.copyOf(Objects.requireNonNull(held));
    held = null;
    all.forEach(Runnable::run);
  }

  // ---- routes ----

  static Route blueGreen(String id) {
    return Route.builder(id).host(id).group("blue", "http://x").group("green", "http://y").build();
  }

  /** Begins a switch to green of these routes, which are blue. */
  CompletionStage<SwitchOutcome> begin(SwitchOptions options, String... ids) {
    List<Edit> edits = new ArrayList<>();
    for (String id : ids) {
      Route route = blueGreen(id);
      edits.add(Edit.put(begun(route, options)));
    }
    CompletionStage<SwitchOutcome> outcome = outcomes.of("s1");
    edit(edits.toArray(Edit[]::new));
    outcomes.live("s1");
    look();
    return outcome;
  }

  /** Begins one and takes it away again before anybody looks. */
  CompletionStage<SwitchOutcome> beginUnseen(SwitchOptions options, String id, Route after) {
    CompletionStage<SwitchOutcome> outcome = outcomes.of("s1");
    put(begun(route(id), options));
    outcomes.live("s1");
    put(after);
    look();
    return outcome;
  }

  static Route begun(Route route, SwitchOptions options) {
    RunningSwitch record =
        new RunningSwitch(
            "s1", "green", route.active(), options, RunningSwitch.Phase.PREFLIGHT, 0, false);
    return SwitchSteps.moved(route, record, SwitchSteps.first(options));
  }

  Route route(String id) {
    return live.get(id).route();
  }

  /** Where a switch is, and what is active. */
  String at(String id) {
    Route route = route(id);
    return route.running().map(SwitchWords::position).orElse("over")
        + ": "
        + SwitchWords.active(route.active());
  }

  void pause(String id, boolean paused) {
    Route route = route(id);
    put(route.toBuilder().running(route.running().map(r -> r.withPaused(paused))).build());
    look();
  }

  // ---- time, health, counts ----

  void pass(Duration time) {
    nanos += time.toNanos();
    look();
  }

  /** Looks until nothing changes any more. */
  void look() {
    for (int i = 0; i < 5; i++) {
      switches.look();
    }
  }

  void answered(String id, int requests, int bad) {
    counts.merge(
        id + "/green",
        new Counts(requests, bad),
        (a, b) -> new Counts(a.requests() + b.requests(), a.bad() + b.bad()));
    look();
  }

  SwitchEndings endings() {
    return endings;
  }

  List<String> kinds() {
    return events.stream().map(e -> e.kind().name()).toList();
  }

  static SwitchOutcome end(CompletionStage<SwitchOutcome> outcome) {
    return Await.get("the end of the switch", outcome.toCompletableFuture());
  }

  @Override
  public void close() {
    outcomes.close();
    followers.close();
  }
}
