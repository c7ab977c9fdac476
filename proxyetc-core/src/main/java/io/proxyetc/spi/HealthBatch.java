package io.proxyetc.spi;

import java.util.List;

/**
 * Events that are told together.
 *
 * @param id another one for each batch; the same when a batch is sent again
 * @param events in the order in which they happened; at least one
 * @param more earlier events that are not among them: there were too many at once, or they could
 *     not be delivered
 */
public record HealthBatch(String id, List<HealthEvent> events, long more) {
  public HealthBatch {
    events = List.copyOf(events);
  }

  /** How people take it: as they take the worst of its events. */
  public HealthEvent.Severity severity() {
    return events.stream()
        .map(event -> event.kind().severity())
        .max(HealthEvent.Severity::compareTo)
        .orElse(HealthEvent.Severity.NOTE);
  }
}
