package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.RouteJson;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user's program does first with the artifact that was installed. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EmbeddingTest {

  @Test
  void aRequestGoesThroughAnEmbeddedProxy() throws Exception {
    HttpServer shop =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext(
        "/",
        exchange -> {
          byte[] body = "hello from the shop".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    shop.start();
    try (ProxyServer proxy = ProxyServer.builder().http("localhost", 0).start()) {
      proxy
          .routes()
          .put(Route.builder("shop").to("http://127.0.0.1:" + shop.getAddress().getPort()).build());
      URI uri = URI.create("http://localhost:" + proxy.port() + "/");
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode());
      assertEquals("hello from the shop", answer.body());
      while (!proxy.stats().groups().containsKey("shop/default")) { // counted once it is all out
        Thread.onSpinWait();
      }
    } finally {
      shop.stop(0);
    }
  }

  @Test
  void aRouteBecomesJsonAndComesBack() {
    Route route = Route.builder("shop").host("shop.example.com").to("http://127.0.0.1:80").build();
    assertEquals(route, RouteJson.parse(RouteJson.format(route)));
  }

  @Test
  void onlyCoreCameAlong() {
    assertThrows(
        ClassNotFoundException.class,
        () -> Class.forName("io.micrometer.core.instrument.MeterRegistry"),
        "micrometer is optional, and nobody asked for it");
  }
}
