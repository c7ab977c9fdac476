package io.proxyetc.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Active;
import io.proxyetc.Route;
import io.proxyetc.RouteJson;
import io.proxyetc.RunningSwitch;
import io.proxyetc.RunningSwitch.Phase;
import io.proxyetc.SwitchOptions;
import io.proxyetc.SwitchOptions.Step;
import io.proxyetc.internal.assembly.SwitchSteps.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SwitchStepsTest {
  private static final SwitchOptions NONE = SwitchOptions.AT_ONCE;
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aSwitchHasThosePhasesThatWereAskedFor() {
    assertEquals(Optional.empty(), SwitchSteps.first(NONE));
    assertEquals(
        Optional.of(new Position(Phase.WATCH, 0)), SwitchSteps.first(NONE.withWatch(SECOND, 5)));
    SwitchOptions steps = NONE.withSteps(List.of(new Step(5, SECOND), new Step(50, SECOND)));
    assertEquals(Optional.of(new Position(Phase.STEP, 0)), SwitchSteps.first(steps));
    assertEquals(
        Optional.of(new Position(Phase.STEP, 1)),
        SwitchSteps.after(new Position(Phase.STEP, 0), steps));
    assertEquals(Optional.empty(), SwitchSteps.after(new Position(Phase.STEP, 1), steps));
    assertEquals(
        Optional.of(new Position(Phase.PREFLIGHT, 0)),
        SwitchSteps.first(NONE.withPreflight(SECOND)));
    assertEquals(
        Optional.empty(),
        SwitchSteps.after(new Position(Phase.PREFLIGHT, 0), NONE.withPreflight(SECOND)));
  }

  @Test
  void theExampleOfTheDocumentsIsASwitchThatIsUnderWay() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "switch.md"));
    int begin = page.indexOf("```json") + "```json".length();
    Route route = RouteJson.parse(page.substring(begin, page.indexOf("```", begin)));
    RunningSwitch running = route.running().orElseThrow();
    assertTrue(SwitchSteps.asRecorded(route, running));
    assertEquals(new Position(Phase.STEP, 1), Position.of(running));
  }

  @Test
  void theOthersShareWhatIsLeftAsTheySharedAllOfIt() {
    assertEquals(
        Map.of("blue", 95, "green", 5),
        SwitchSteps.share(Active.group("blue"), "green", 5).weights());
    assertEquals(
        Map.of("blue", 270, "red", 90, "green", 40),
        SwitchSteps.share(new Active(Map.of("blue", 3, "red", 1)), "green", 10).weights());
  }

  @Test
  void aGroupThatHadAPartAlreadyGetsThatOfTheStep() {
    Active canary = new Active(Map.of("blue", 90, "green", 10, "old", 0));
    assertEquals(Map.of("blue", 75, "green", 25), SwitchSteps.share(canary, "green", 25).weights());
    assertEquals(Active.group("green"), SwitchSteps.share(Active.group("green"), "green", 25));
  }

  @Test
  void weightsStayWithinTheirBoundAndNoneIsLost() {
    Map<String, Integer> weights =
        SwitchSteps.share(new Active(Map.of("blue", 1000, "red", 1)), "green", 50).weights();
    assertEquals(Map.of("blue", 999, "red", 1, "green", 1000), weights);
  }

  @Test
  void equalSharesAreTheSameHoweverTheyAreWritten() {
    assertTrue(
        SwitchSteps.same(
            new Active(Map.of("blue", 95, "green", 5)),
            new Active(Map.of("blue", 19, "green", 1, "red", 0))));
    assertFalse(SwitchSteps.same(Active.group("blue"), Active.group("green")));
  }
}
