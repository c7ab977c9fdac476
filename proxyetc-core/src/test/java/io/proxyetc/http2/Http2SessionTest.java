package io.proxyetc.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import org.junit.jupiter.api.Test;

/** Sticky sessions over HTTP/2, which is always https here, and may cut a cookie into crumbs. */
final class Http2SessionTest {
  @Test
  void aCookieAmongCrumbsKeepsTheClient() {
    try (RecordingTarget other = RecordingTarget.start(Script.raw(Script.okay("other")));
        Http2Rig rig = Http2Rig.start(Script.raw(Script.okay("one")));
        RawHttp2 client = rig.client()) {
      rig.proxy()
          .routes()
          .put(Route.builder("all").to(rig.target().url(), other.url()).sticky().build());
      client.headers(1, true, RawHttp2.request("GET", "/"));
      Answer first = client.answer(1).complete();
      String set = first.field("set-cookie");
      String expected = "proxyetc-all=[A-Za-z0-9_-]{24}; Path=/; HttpOnly; SameSite=Lax; Secure";
      assertTrue(set.matches(expected), set);
      String pair = set.substring(0, set.indexOf(';'));
      for (int stream = 3; stream < 13; stream += 2) {
        client.headers(
            stream,
            true,
            RawHttp2.request("GET", "/", "cookie", "a=1", "cookie", pair, "cookie", "b=2"));
        Answer again = client.answer(stream).complete();
        assertEquals(first.body(), again.body());
        assertFalse(again.has("set-cookie"));
      }
    }
  }
}
