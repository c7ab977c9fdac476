package io.proxyetc.internal.http.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.testkit.Await;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

class EndOfTurnTest {
  private final List<String> said = new CopyOnWriteArrayList<>();
  private XnioWorker worker;
  private IoLoop loop;

  @BeforeEach
  void startOneThread() throws IOException {
    OptionMap one = OptionMap.builder().set(Options.WORKER_IO_THREADS, 1).getMap();
    worker = Xnio.getInstance("nio").createWorker(one);
    loop = new Loops(worker, new BufferBudget(1 << 20), 7).all().get(0);
  }

  @AfterEach
  void stop() {
    worker.shutdownNow();
  }

  /** Says what it is asked to do. */
  private class Saying implements EndOfTurn.Member {
    final String name;

    Saying(String name) {
      this.name = name;
    }

    @Override
    public void prepare() {
      said.add("prepare " + name);
    }

    @Override
    public void proceed() {
      said.add("proceed " + name);
    }

    @Override
    public void failed(Throwable fault) {
      said.add(name + " failed: " + fault.getMessage());
    }
  }

  /** Has them join in one turn, and waits until that is over. */
  private void inOneTurn(EndOfTurn.Member... members) {
    CompletableFuture<Void> joined = new CompletableFuture<>();
    loop.execute(
        () -> {
          for (EndOfTurn.Member member : members) {
            loop.endOfTurn().join(member);
          }
          joined.complete(null);
        });
    Await.get("they have joined", joined);
    CompletableFuture<Void> after = new CompletableFuture<>();
    loop.execute(() -> after.complete(null));
    Await.get("the turn is over", after);
  }

  @Test
  void allAreLookedUpBeforeTheFirstGoesOn() {
    inOneTurn(new Saying("a"), new Saying("b"));
    inOneTurn(new Saying("c"));
    assertEquals(
        List.of("prepare a", "prepare b", "proceed a", "proceed b", "prepare c", "proceed c"),
        said);
  }

  @Test
  void whateverOneThrowsTheOthersGoOn() {
    EndOfTurn.Member early =
        new Saying("early") {
          @Override
          public void prepare() {
            throw EndOfTurnTest.<RuntimeException>sneaky(new IOException("nobody declared this"));
          }
        };
    EndOfTurn.Member late =
        new Saying("late") {
          @Override
          public void proceed() {
            throw new StackOverflowError("too deep");
          }
        };
    inOneTurn(early, late, new Saying("a"));
    assertEquals(
        List.of(
            "early failed: nobody declared this",
            "prepare late",
            "prepare a",
            "late failed: too deep",
            "proceed a"),
        said);
  }

  @SuppressWarnings("unchecked") // that is the trick
  private static <T extends Throwable> T sneaky(Throwable checked) throws T {
    throw (T) checked;
  }

  /** An answer that is there at once lets the next request of its connection join. */
  @Test
  void whoJoinsMeanwhileHasAnEndOfItsOwn() {
    inOneTurn(
        new Saying("a") {
          @Override
          public void proceed() {
            super.proceed();
            loop.endOfTurn().join(new Saying("next"));
          }
        },
        new Saying("b"));
    Await.until("the next one has gone on", () -> said.contains("proceed next"));
    assertEquals(
        List.of("prepare a", "prepare b", "proceed a", "proceed b", "prepare next", "proceed next"),
        said);
  }

  @Test
  void anyNumberMayJoin() {
    inOneTurn(
        IntStream.range(0, 1_000)
            .mapToObj(i -> new Saying("" + i))
            .toArray(EndOfTurn.Member[]::new));
    assertEquals(2_000, said.size());
    assertEquals("prepare 999", said.get(999));
    assertEquals("proceed 0", said.get(1_000));
  }
}
