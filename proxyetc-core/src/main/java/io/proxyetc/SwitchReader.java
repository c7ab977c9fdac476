package io.proxyetc;

import java.time.Duration;
import java.util.List;

/** From {@code switch} in a document to a {@link RunningSwitch}. */
final class SwitchReader {
  static final KnownFields SWITCH =
      KnownFields.of(
          "id",
          "to",
          "from",
          "phase",
          "step",
          "paused",
          "preflight",
          "steps",
          "watch",
          "maxErrors",
          "minRequests");
  static final KnownFields STEP = KnownFields.of("percent", "time");

  private SwitchReader() {}

  static RunningSwitch running(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, SWITCH);
    String id = f.text("id", "a name such as \"s1\"");
    String to = f.text("to", "the group that is to become active");
    Active from =
        f.read("from", RouteReader::active)
            .orElseThrow(
                () ->
                    new InvalidRouteException(
                        f.path("from"), "is missing; write the group that was active before"));
    RunningSwitch.Phase phase =
        f.read(
            "phase",
            RunningSwitch.Phase.PREFLIGHT,
            (v, p) -> JsonFields.choice(v, p, RunningSwitch.Phase.class));
    int step = f.read("step", 0, JsonFields::integer);
    boolean paused = f.read("paused", false, JsonFields::bool);
    SwitchOptions d = SwitchOptions.AT_ONCE;
    Duration preflight = f.read("preflight", d.preflight(), JsonFields::seconds);
    List<SwitchOptions.Step> steps =
        f.read("steps", d.steps(), (v, p) -> JsonFields.list(v, p, SwitchReader::step));
    Duration watch = f.read("watch", d.watch(), JsonFields::seconds);
    int maxErrors = f.read("maxErrors", d.maxErrors(), JsonFields::integer);
    int minRequests = f.read("minRequests", d.minRequests(), JsonFields::integer);
    return JsonFields.under(
        path,
        () ->
            new RunningSwitch(
                id,
                to,
                from,
                new SwitchOptions(preflight, steps, watch, maxErrors, minRequests),
                phase,
                step,
                paused));
  }

  private static SwitchOptions.Step step(JsonValue value, String path) {
    JsonFields f = JsonFields.of(value, path, STEP);
    int percent =
        f.read("percent", JsonFields::integer)
            .orElseThrow(
                () ->
                    new InvalidRouteException(
                        f.path("percent"), "is missing; write the new group's part, 1 to 99"));
    Duration time =
        f.read("time", JsonFields::seconds)
            .orElseThrow(
                () -> new InvalidRouteException(f.path("time"), "is missing; write seconds"));
    return JsonFields.under(path, () -> new SwitchOptions.Step(percent, time));
  }
}
