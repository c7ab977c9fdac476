package io.proxyetc.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.Drain;
import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of streams whose target goes: theirs end, the connection goes on. */
final class Http2DrainTest {
  private static final int INTERNAL_ERROR = 2;

  private final CompletableFuture<Void> go = new CompletableFuture<>();

  private Script download() {
    return exchange -> {
      exchange.readBody();
      exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
      Await.get("the test lets the download end", go);
      exchange.send("world");
    };
  }

  private static Route to(RecordingTarget target, Drain drain) {
    return Route.builder("all").to(target.url()).drain(drain).build();
  }

  private static void awaitPiece(RawHttp2 client) {
    client.await("a piece", frame -> frame.is(Frame.DATA, 1));
  }

  @Test
  void aStreamBeyondTheDeadlineIsReset() {
    Drain soon = new Drain(Duration.ofMillis(300), Drain.OnRemove.DRAIN);
    RecordingTarget old = RecordingTarget.start(download());
    try (Http2Rig rig = Http2Rig.start(old, Http2Rig.LIMITS, route -> route.drain(soon));
        RecordingTarget other = RecordingTarget.start();
        RawHttp2 client = rig.client()) {
      client.get(1, "/a");
      awaitPiece(client);
      rig.proxy().routes().put(to(other, soon));
      assertEquals("GET /b", client.get(3, "/b").answer(3).complete().body());
      assertEquals(INTERNAL_ERROR, client.answer(1).reset());
      assertEquals("GET /c", client.get(5, "/c").answer(5).complete().body());
      old.connections().get(0).awaitEnded();
      go.complete(null);
    }
  }

  @Test
  void aStreamWithinTheDeadlineIsComplete() {
    RecordingTarget old = RecordingTarget.start(download());
    try (Http2Rig rig = Http2Rig.start(old, Http2Rig.LIMITS, route -> route);
        RecordingTarget other = RecordingTarget.start();
        RawHttp2 client = rig.client()) {
      client.get(1, "/a");
      awaitPiece(client);
      rig.proxy().routes().put(to(other, Drain.DEFAULT));
      assertEquals("GET /b", client.get(3, "/b").answer(3).complete().body());
      go.complete(null);
      client.await("the end", frame -> frame.is(Frame.DATA, 1) && frame.has(Frame.END_STREAM));
    }
  }
}
