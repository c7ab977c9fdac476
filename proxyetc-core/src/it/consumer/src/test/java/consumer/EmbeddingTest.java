package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.proxyetc.Route;
import org.junit.jupiter.api.Test;

/** What a user's program does first with the artifact that was installed. */
class EmbeddingTest {

  @Test
  void aRouteIsBuilt() {
    Route route = Route.builder("shop").host("shop.example").to("http://127.0.0.1:8080").build();

    assertEquals("shop", route.id());
  }

  @Test
  void onlyCoreCameAlong() {
    assertThrows(
        ClassNotFoundException.class,
        () -> Class.forName("io.micrometer.core.instrument.MeterRegistry"),
        "micrometer is optional, and nobody asked for it");
  }
}
