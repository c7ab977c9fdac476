package io.proxyetc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A proxy in a contest with what was measured of it up to now. One thread uses it. */
final class Entrant {

  private final Proxy proxy;
  private final List<Round> rounds = new ArrayList<>();
  private Optional<Latency> latency = Optional.empty();
  private Optional<SyscallsPerRequest> syscalls = Optional.empty();
  private Optional<String> fault = Optional.empty();
  private long residentAfter;

  Entrant(Proxy proxy) {
    this.proxy = proxy;
  }

  String name() {
    return proxy.name();
  }

  boolean failed() {
    return fault.isPresent();
  }

  /** Does a step unless an earlier one failed; keeps the reason when it fails. */
  Optional<String> attempt(Consumer<Proxy> step) {
    if (failed()) {
      return Optional.empty();
    }
    try {
      step.accept(proxy);
    } catch (BenchmarkException e) {
      fault = Optional.of(String.valueOf(e.getMessage()));
      return Optional.of(name() + " failed");
    }
    return rounds.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s %.1f".formatted(name(), rounds.get(rounds.size() - 1).perRequest().totalMicros()));
  }

  void add(Round round) {
    rounds.add(round);
  }

  void set(Latency measured) {
    latency = Optional.of(measured);
  }

  void set(SyscallsPerRequest measured) {
    syscalls = Optional.of(measured);
  }

  void readResident() {
    residentAfter = proxy.tree().residentBytes();
  }

  Row row() {
    return new Row(
        name(), rounds, latency, syscalls, proxy.residentAtStart(), residentAfter, fault);
  }
}
