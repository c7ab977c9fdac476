package io.proxyetc.internal.assembly;

import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.StoredRoute;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The parts that make switches go, put together. */
final class SwitchDriver implements AutoCloseable {
  /**
   * What is known of the groups that switches lead to.
   *
   * @param leads whether this proxy drives switches, among those on one store
   * @param nanos a clock that only goes on
   */
  record Groups(GroupHealth health, GroupCounts counts, BooleanSupplier leads, LongSupplier nanos) {
    /** Nothing: each is taken for healthy, and none is watched. */
    static final Groups UNKNOWN =
        of((route, group) -> List.of(), (route, group) -> Optional.empty());

    static Groups of(GroupHealth health, GroupCounts counts) {
      return new Groups(health, counts, () -> true, System::nanoTime);
    }
  }

  private final SwitchOutcomes outcomes;
  private final SwitchCalls calls;
  private final SwitchLoop loop;

  /**
   * @param submit stores a change; completes when it is live
   */
  SwitchDriver(
      RouteTables<?> tables,
      Function<RouteChange, CompletableFuture<Long>> submit,
      SwitchCalls.Editing editing,
      Followers followers,
      Consumer<HealthEvent> events,
      Groups groups) {
    Function<String, @Nullable StoredRoute> live = id -> tables.current().stored(id);
    SwitchNews news = new SwitchNews(live);
    SwitchEndings endings = new SwitchEndings();
    SwitchTelling telling = new SwitchTelling(events);
    outcomes = new SwitchOutcomes(followers);
    calls = new SwitchCalls(editing, tables::current, endings, outcomes, news, telling);
    Switches.Surroundings around =
        new Switches.Surroundings(
            live,
            new SwitchJudge(groups.health(), groups.counts()),
            telling,
            groups.leads(),
            groups.nanos());
    SwitchChanges changes = new SwitchChanges(submit, endings, news::wake);
    loop = new SwitchLoop(new Switches(around, news, endings, outcomes, changes));
    news.onWake(loop::wake);
    tables.onChange(news::changed);
  }

  /** What people ask of switches. */
  SwitchCalls calls() {
    return calls;
  }

  /** Ends the thread, and tells those who wait. What is under way goes on after the next start. */
  @Override
  public void close() {
    loop.close();
    outcomes.close();
  }
}
