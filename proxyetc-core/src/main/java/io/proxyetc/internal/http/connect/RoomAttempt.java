package io.proxyetc.internal.http.connect;

import org.jspecify.annotations.Nullable;

/**
 * A target has as many connections as it may have, but some of them may be idle in the pools of
 * other IO threads: each of these is asked to close one, on its own thread. All else is on that of
 * the request that wants the connection.
 *
 * <pre>{@code
 * asking -> [a place is free] -> connecting
 *      \--- [all answered: none] -> full
 * }</pre>
 */
final class RoomAttempt implements Connector.Attempt {
  private final Connector connector;
  private final Connector.Wanted wanted;
  private int unanswered;
  private boolean over;
  private Connector.@Nullable Attempt connecting;

  RoomAttempt(Connector connector, Connector.Wanted wanted) {
    this.connector = connector;
    this.wanted = wanted;
  }

  void start(Iterable<Connector> others) {
    for (Connector other : others) {
      if (other != connector) {
        unanswered++;
        ask(other);
      }
    }
    if (unanswered == 0) {
      over = true;
      wanted.client().onFull();
    }
  }

  private void ask(Connector other) {
    other
        .loop()
        .execute(
            () -> {
              boolean made = other.evict(wanted.address());
              connector.loop().execute(() -> onAnswer(made));
            });
  }

  private void onAnswer(boolean made) {
    unanswered--;
    if (over) {
      if (made) {
        wanted.address().freed(); // whoever waits may have it
      }
      return;
    }
    if (made && connector.mayOpen(wanted.address())) {
      over = true;
      connecting = connector.open(wanted);
    } else if (unanswered == 0) {
      over = true;
      wanted.client().onFull();
    }
  }

  @Override
  public void cancel() {
    over = true;
    Connector.Attempt begun = connecting;
    if (begun != null) {
      begun.cancel();
    }
  }
}
