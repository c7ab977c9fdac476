package io.proxyetc.internal.health;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.target.AddressState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Asks nobody: the test says what becomes of each probe. */
final class FakeProber implements Prober {
  /** A probe that was begun. */
  final class Asked implements Probe {
    final String url;
    final Outcome outcome;
    boolean givenUp;

    Asked(String url, Outcome outcome) {
      this.url = url;
      this.outcome = outcome;
    }

    void pass() {
      underWay.remove(this);
      outcome.passed("200 OK");
    }

    void fail(String why) {
      underWay.remove(this);
      outcome.failed(why);
    }

    void undone() {
      underWay.remove(this);
      outcome.undone("no socket: Too many open files");
    }

    @Override
    public String giveUp() {
      underWay.remove(this);
      givenUp = true;
      return "no answer";
    }
  }

  /** All probes so far, in order. */
  final List<Asked> begun = new ArrayList<>();

  /** Those that have no outcome yet, in order. */
  final List<Asked> underWay = new ArrayList<>();

  int prepared;
  int wakes;
  @Nullable RuntimeException broken;

  @Override
  public Question prepare(
      AddressState address, HealthCheck check, @Nullable Supplier<SSLEngine> engines) {
    prepared++;
    return outcome -> {
      if (broken != null) {
        throw broken;
      }
      Asked asked = new Asked(address.url(), outcome);
      begun.add(asked);
      underWay.add(asked);
      return asked;
    };
  }

  @Override
  public void turn(long nanos) {}

  @Override
  public void wake() {
    wakes++;
  }

  @Override
  public void close() {}
}
