package io.proxyetc.testkit;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Clients that ask on and on over kept connections until they are told to end. Whatever is not a
 * 200 is a failure. Safe for any thread.
 */
public final class LoadOf implements AutoCloseable {
  private static final int MOST_FAILURES = 1_000;

  private final int port;
  private final String request;
  private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<CompletableFuture<Void>> running;
  private volatile boolean over;

  /**
   * Begins.
   *
   * @param clients so many at once, each on a connection of its own
   * @param request the bytes of a request that may be repeated
   */
  public LoadOf(int clients, int port, String request) {
    this.port = port;
    this.request = request;
    this.running =
        IntStream.range(0, clients).mapToObj(i -> OwnThread.run(this::askOnAndOn)).toList();
  }

  private void askOnAndOn() {
    while (!over) {
      try (RawClient client = RawClient.connect(port)) {
        while (!over) {
          RawResponse answer = client.send(request).read();
          if (answer.status() != 200) {
            fail(answer.status() + ": " + answer.body());
          } else if (!answer.complete()) {
            fail("an answer was cut behind '" + answer.body() + "'");
            break;
          } else {
            answers.computeIfAbsent(answer.body().strip(), b -> new AtomicLong()).incrementAndGet();
          }
        }
      } catch (UncheckedIOException | AssertionError e) {
        fail(e.toString());
      }
    }
  }

  private void fail(String what) {
    if (failures.size() < MOST_FAILURES) {
      failures.add(what);
    }
  }

  /** How often a body was the answer so far. */
  public long answers(String body) {
    AtomicLong count = answers.get(body);
    return count == null ? 0 : count.get();
  }

  /** Waits until a body was the answer so many times more. */
  public void awaitMore(String body, long more) {
    long before = answers(body);
    Await.until(more + " more answers of " + body, () -> answers(body) >= before + more);
  }

  /** What failed so far. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** Ends, and waits until all clients have. */
  @Override
  public void close() {
    over = true;
    running.forEach(each -> Await.get("the clients end", each));
  }
}
