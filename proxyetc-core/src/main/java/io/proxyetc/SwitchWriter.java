package io.proxyetc;

import java.io.IOException;

/** From a {@link RunningSwitch} to {@code switch} in a document. */
final class SwitchWriter {
  private final JsonOut out;

  SwitchWriter(JsonOut out) {
    this.out = out;
  }

  /** The object alone; its name is written already. */
  void write(RunningSwitch running) throws IOException {
    SwitchOptions options = running.options();
    SwitchOptions d = SwitchOptions.AT_ONCE;
    out.json().beginObject();
    out.json().name("id").value(running.id());
    out.json().name("to").value(running.to());
    out.json().name("from");
    RouteWriter.active(out, running.from());
    out.word("phase", running.phase(), RunningSwitch.Phase.PREFLIGHT);
    out.number("step", running.step(), 0);
    if (running.paused()) {
      out.json().name("paused").value(true);
    }
    out.seconds("preflight", options.preflight(), d.preflight());
    if (!options.steps().isEmpty()) {
      out.json().name("steps").beginArray();
      for (SwitchOptions.Step step : options.steps()) {
        out.line(
            () -> {
              out.json().name("percent").value(step.percent());
              out.json().name("time").jsonValue(JsonOut.seconds(step.time()));
            });
      }
      out.json().endArray();
    }
    out.seconds("watch", options.watch(), d.watch());
    out.number("maxErrors", options.maxErrors(), d.maxErrors());
    out.number("minRequests", options.minRequests(), d.minRequests());
    out.json().endObject();
  }
}
