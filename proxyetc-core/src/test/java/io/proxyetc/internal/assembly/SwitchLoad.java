package io.proxyetc.internal.assembly;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask again and again, on connections that stay open, until they are closed. */
final class SwitchLoad implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final long PACE_NANOS = 500_000;

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();

  /** What was answered with anything but 200; some of it. */
  private final List<String> faults = new CopyOnWriteArrayList<>();

  private volatile boolean over;

  static SwitchLoad start(int port, String path) {
    SwitchLoad load = new SwitchLoad();
    for (int i = 0; i < CLIENTS; i++) {
      Thread thread = new Thread(() -> load.ask(port, path), "load-" + i);
      thread.setDaemon(true);
      thread.start();
      load.threads.add(thread);
    }
    return load;
  }

  private void ask(int port, String path) {
    try (RawClient client = RawClient.connect(port)) {
      while (!over) {
        RawResponse response = client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").read();
        answered.incrementAndGet();
        if (response.status() != 200 && faults.size() < 10) {
          faults.add(response.status() + " " + response.body());
        }
        LockSupport.parkNanos(PACE_NANOS);
      }
    } catch (RuntimeException | Error e) {
      faults.add(e.toString());
    }
  }

  /** Waits for so many further answers. */
  void awaitMore(int answers) {
    long until = answered.get() + answers;
    Await.until("answers", () -> answered.get() >= until || !faults.isEmpty());
  }

  List<String> faults() {
    return faults;
  }

  @Override
  public void close() {
    over = true;
    for (Thread thread : threads) {
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
