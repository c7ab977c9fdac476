package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteFileTest {
  private static final Route A = Route.builder("a").to("http://x").build();
  private static final Route B = Route.builder("b").host("y.example.com").to("http://y").build();

  @Test
  void aFileIsReadAsItWasWritten() {
    String text = RouteJson.formatFile(7, List.of(new StoredRoute(B, 7), new StoredRoute(A, 3)));

    RouteFile file = RouteJson.parseFile(text);
    assertEquals(new RouteFile(7, List.of(B, A), Map.of("a", 3L, "b", 7L), List.of(), true), file);
    assertEquals(
        """
        {
          "revision": 7,
          "routes": [
            {
              "id": "b",
        """,
        text.substring(0, text.indexOf("      \"match\"")));
  }

  @Test
  void aFileWithoutRoutesIsReadAsItWasWritten() {
    RouteFile file = RouteJson.parseFile(RouteJson.formatFile(0, List.of()));
    assertEquals(new RouteFile(0, List.of(), Map.of(), List.of(), true), file);
  }

  @Test
  void randomRoutesSurviveAFile() {
    RandomRoutes random = new RandomRoutes(42);
    List<StoredRoute> routes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Route route = random.next();
      Route renamed =
          new Route(
              "r" + i,
              route.match(),
              route.groups(),
              route.active(),
              route.balancing(),
              route.session(),
              route.health(),
              route.hostHeader(),
              route.path(),
              route.request(),
              route.response(),
              route.redirectToHttps(),
              route.timeouts(),
              route.retries(),
              route.capacity(),
              route.rateLimit(),
              route.drain(),
              route.running());
      routes.add(new StoredRoute(renamed, i + 1));
    }
    RouteFile file = RouteJson.parseFile(RouteJson.formatFile(500, routes));
    assertEquals(routes.stream().map(StoredRoute::route).toList(), file.routes());
    assertTrue(file.untouched());
  }

  @Test
  void aFileThatPeopleWriteNeedsNothingButTheRoutes() {
    String a = "{\"id\":\"a\",\"to\":[\"http://x\"]}";
    RouteFile expected = new RouteFile(0, List.of(A), Map.of(), List.of(), false);

    assertEquals(expected, RouteJson.parseFile("{\"routes\":[" + a + "]}"));
    assertEquals(expected, RouteJson.parseFile("\ufeff[" + a + "]\r\n"));
  }

  @Test
  void anEditOfAWrittenFileIsNoticed() {
    String text = RouteJson.formatFile(7, List.of(new StoredRoute(A, 3)));

    assertFalse(RouteJson.parseFile(text.replace("http://x:80", "http://z:80")).untouched());
    assertFalse(
        RouteJson.parseFile(text.replace("\"revision\": 7", "\"revision\": 9")).untouched());
  }

  @Test
  void aBadRouteLeavesTheOthersAlone() {
    String text =
        """
            {
              "routes": [
                {"id": "a", "to": ["http://x"]},
                {"id": "b",
                 "groups": {"v1": {"targets": []},
                            "v1.2": {"targets": ["http://x", {"url": "htp://y"}]}}},
                {"to": []}
              ]
            }
            """;
    RouteFile file = RouteJson.parseFile(text);

    assertEquals(List.of(A), file.routes());
    RouteFile.Fault fault = file.faults().get(0);
    assertEquals("b", fault.id());
    assertEquals("routes[1].groups.v1.2.targets[1].url", fault.path());
    assertTrue(fault.message().startsWith("route b: groups.v1.2.targets[1].url: 'htp://y' is no"));
    assertEquals(6, fault.line());
    assertEquals(text.lines().toList().get(5).indexOf("\"htp") + 1, fault.column());
    assertEquals("", file.faults().get(1).id());
    assertEquals("routes[2].id", file.faults().get(1).path());
    assertEquals(7, file.faults().get(1).line());
  }

  @Test
  void ofTwoRoutesWithOneIdNeitherIsTaken() {
    String a = "{\"id\":\"a\",\"to\":[\"http://x\"]}";
    RouteFile file = RouteJson.parseFile("[" + a + ",\n" + a + ", " + a + "]");

    assertEquals(List.of(), file.routes());
    assertEquals(3, file.faults().size());
    assertTrue(file.faults().get(0).message().contains("[0] and [1] have the same id"));
    assertEquals("[1].id", file.faults().get(1).path());
    assertEquals(2, file.faults().get(1).line());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{} | there is no field 'routes'",
        "7 | a number stands here, but {\"routes\": […]} or a list",
        "{\"routes\":{}} | routes: an object stands here, but a list of routes […] is expected (line 1, column 11)",
        "{\"route\":[]} | route: unknown field; did you mean 'routes'?; known here: revision, routes, revisions, checksum (line 1, column 10)",
        "{\"routes\":[],\"routes\":[]} | routes: this field stands here twice",
        "{\"routes\":[],\"revision\":-1} | revision: a number stands here, but a revision",
        "{\"routes\":[],\"revisions\":{\"a\":true}} | revisions.a: true stands here, but a revision",
        "{\"routes\":[{\"id\":\"a\"},]} | not valid JSON: line 1, column 23: an item is missing after ','",
      })
  void aFileThatCannotBeReadAtAllIsRefused(String text, String message) {
    InvalidRouteException fault =
        assertThrows(InvalidRouteException.class, () -> RouteJson.parseFile(text));
    assertTrue(fault.getMessage().startsWith(message), fault.getMessage());
  }
}
