package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteJsonTest {
  private static final String EVERYTHING =
      """
      {
        "id": "errzero",
        "match": {
          "hosts": ["www.errzero.com", "*.errzero.com"],
          "path": "/app",
          "methods": ["GET"],
          "headers": {
            "x-beta": "1"
          },
          "port": 8080
        },
        "groups": {
          "blue": {
            "targets": [
              "http://192.168.1.179:8080",
              {"url": "https://192.168.1.180:8443", "weight": 3, "id": "a"}
            ],
            "tls": {
              "trust": "ca.pem",
              "verify": false,
              "serverName": "internal"
            }
          },
          "green": {
            "targets": []
          }
        },
        "active": {"blue": 95, "green": 5},
        "balancer": "mine",
        "hostHeader": "some.name:8080",
        "rewrite": {
          "replace": "/v2"
        },
        "request": {
          "set": {
            "X-A": "1"
          },
          "add": {
            "X-B": "2"
          },
          "remove": ["X-C"]
        },
        "response": {
          "remove": ["Server"]
        },
        "redirectToHttps": true,
        "timeouts": {
          "connect": 1.5,
          "response": 30,
          "idle": 10,
          "total": 120
        },
        "retries": 0
      }""";

  @Test
  void aRouteWithEverythingIsReadAndWrittenBackAsItWas() {
    Route route = RouteJson.parse(EVERYTHING);

    assertEquals(EVERYTHING, RouteJson.format(route));
    assertEquals(List.of("www.errzero.com", "*.errzero.com"), route.match().hosts());
    assertEquals(Set.of("GET"), route.match().methods());
    assertEquals(Map.of("x-beta", "1"), route.match().headers());
    assertEquals(8080, route.match().port());
    assertEquals(3, route.groups().get("blue").targets().get(1).weight());
    assertEquals(Map.of("blue", 95, "green", 5), route.active().weights());
    assertEquals(new Route.HostHeader.Fixed("some.name:8080"), route.hostHeader());
    assertEquals("/v2", route.path().orElseThrow().replacement());
    assertEquals(Duration.ofMillis(1500), route.timeouts().connect());
    assertEquals(0, route.retries().attempts());
  }

  @Test
  void theShortFormIsOneGroupCalledDefault() {
    Route route = RouteJson.parse("{\"id\":\"a\",\"to\":[\"http://x\",{\"url\":\"http://y\"}]}");

    assertEquals(Route.builder("a").to("http://x", "http://y").build(), route);
    assertEquals(
        "{\n  \"id\": \"a\",\n  \"to\": [\"http://x:80\", \"http://y:80\"]\n}",
        RouteJson.format(route));
  }

  @Test
  void theFirstGroupIsActiveWhereTheDocumentDoesNotSay() {
    String groups = "\"groups\":{\"b\":{\"targets\":[\"http://x\"]},\"a\":{\"targets\":[]}}";

    assertEquals(Active.group("b"), RouteJson.parse("{\"id\":\"a\"," + groups + "}").active());
    assertEquals(
        Active.group("a"),
        RouteJson.parse("{\"id\":\"a\"," + groups + ",\"active\":\"a\"}").active());
  }

  @Test
  void aHostThatIsCalledLikeAnOptionIsStillAHost() {
    Route route =
        Route.builder("a").to("http://x").hostHeader(new Route.HostHeader.Fixed("target")).build();

    assertTrue(RouteJson.format(route).contains("\"hostHeader\": {"));
    assertEquals(route, RouteJson.parse(RouteJson.format(route)));
  }

  @Test
  void whatIsWrittenIsReadAsTheSameRoute() {
    RandomRoutes routes = new RandomRoutes(4711);
    for (int i = 0; i < 20_000; i++) {
      Route route = routes.next();
      String json = RouteJson.format(route);
      assertEquals(route, RouteJson.parse(json), json);
      assertEquals(json, RouteJson.format(RouteJson.parse(json)));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"id\":\"a\",\"to\":[\"htp://x\"]} | route a: to[0]: 'htp://x' is no http or https address",
        "{\"id\":\"a\",\"to\":[\"http://x/y\"]} | route a: to[0]: 'http://x/y' may not hold a path: the route's rewrite changes paths",
        "{\"id\":\"a\",\"to\":[{\"url\":\"htp://x\"}]} | route a: to[0].url: 'htp://x' is no http",
        "{\"id\":\"a\",\"to\":[\"http://x\",\"http://x:80\"]} | route a: to[1]: a target with id",
        "{\"id\":\"a\",\"groups\":{\"v1.2\":{\"targets\":[{\"url\":\"x:y\"}]}}} | route a: groups.v1.2.targets[0].url: ",
        "{\"id\":\"a\",\"groups\":{\"b\":{}}} | route a: groups.b.targets: is missing",
        "{\"id\":\"a\",\"groups\":{\"b c\":{\"targets\":[]}}} | route a: groups.b c: group 'b c': a name has",
        "{\"id\":\"a\",\"groups\":[]} | route a: groups: a list stands here, but an object {…} is expected",
        "{\"id\":\"a\",\"groups\":{\"b\":{\"targets\":[{}]}}} | route a: groups.b.targets[0].url: is missing",
        "{\"id\":\"a\",\"groups\":{\"b\":{\"targets\":[1]}}} | route a: groups.b.targets[0]: a number stands here, but \"http://host:port\" or an object",
        "{\"id\":\"a\",\"to\":[{\"url\":\"http://x\",\"weight\":1001}]} | route a: to[0].weight: 1001 is not between",
        "{\"id\":\"a\",\"to\":[{\"url\":\"http://x\",\"weight\":1.5}]} | route a: to[0].weight: 1.5 is no whole number",
        "{\"id\":\"a\",\"to\":[{\"url\":\"http://x\",\"weight\":1e999999999}]} | route a: to[0].weight: 1e999999999 is beyond all bounds here",
        "{\"id\":\"a\",\"to\":[{\"url\":\"http://x\",\"weight\":\"1\"}]} | route a: to[0].weight: a text stands here, but a whole number",
        "{\"id\":\"a\",\"to\":[],\"groups\":{}} | route a: to: a route has either 'to' or 'groups'",
        "{\"id\":\"a\"} | route a: groups: a route needs a group of targets",
        "{\"id\":\"a\",\"to\":[],\"active\":\"b\"} | route a: active: there is no group 'b'; this route has [default]",
        "{\"id\":\"a\",\"to\":[],\"active\":{\"default\":0}} | route a: active: no group has a weight above 0",
        "{\"id\":\"a\",\"to\":[],\"active\":{\"default\":-1}} | route a: active.default: -1 is not between",
        "{\"id\":\"a\",\"to\":[],\"active\":7} | route a: active: a number stands here, but a group's name",
        "{\"id\":\"a\",\"to\":[],\"match\":{\"hosts\":[\"a\",\"http://b\"]}} | route a: match.hosts[1]: 'http://b' is no host",
        "{\"id\":\"a\",\"to\":[],\"match\":{\"path\":\"x\"}} | route a: match.path: 'x' is no path: a path starts with '/'",
        "{\"id\":\"a\",\"to\":[],\"match\":{\"port\":70000}} | route a: match.port: 70000 is not between",
        "{\"id\":\"a\",\"to\":[],\"match\":{\"headers\":{\"X-A\":\"1\",\"x-a\":\"2\"}}} | route a: match.headers.x-a: this header field stands here twice",
        "{\"id\":\"a\",\"to\":[],\"request\":{\"set\":{\"Host\":\"x\"}}} | route a: request.set.Host: this field belongs to the proxy",
        "{\"id\":\"a\",\"to\":[],\"rewrite\":{}} | route a: rewrite: write either {\"strip\": true} or",
        "{\"id\":\"a\",\"to\":[],\"rewrite\":{\"strip\":true,\"replace\":\"/x\"}} | route a: rewrite: write either",
        "{\"id\":\"a\",\"to\":[],\"rewrite\":{\"replace\":\"x\"}} | route a: rewrite.replace: 'x' is no path",
        "{\"id\":\"a\",\"to\":[],\"hostHeader\":\"a b\"} | route a: hostHeader: 'a b' is no host",
        "{\"id\":\"a\",\"to\":[],\"timeouts\":{\"idle\":0}} | route a: timeouts.idle: 0 s is not between 1 ms and 1 day",
        "{\"id\":\"a\",\"to\":[],\"timeouts\":{\"idle\":-1}} | route a: timeouts.idle: -1 s is not between 1 ms and 1 day",
        "{\"id\":\"a\",\"to\":[],\"timeouts\":{\"idle\":1e99}} | route a: timeouts.idle: 1e99 s is beyond all bounds here",
        "{\"id\":\"a\",\"to\":[],\"timeouts\":{\"total\":-1}} | route a: timeouts.total: -1 s is neither 0 nor between 1 ms and 1 day",
        "{\"id\":\"a\",\"to\":[],\"timeouts\":{\"idle\":1.0000000001}} | route a: timeouts.idle: 1.0000000001 has more than nine",
        "{\"id\":\"a\",\"to\":[],\"redirectToHttps\":\"yes\"} | route a: redirectToHttps: a text stands here, but true or false",
        "{\"id\":\"a\",\"to\":[],\"retries\":11} | route a: retries: 11 is not between 0 and 10",
        "{\"id\":\"a\",\"to\":[],\"retries\":null} | route a: retries: null stands here, but a number of attempts or an object {\"attempts\": …} is expected; leave the field out",
        "{\"id\":\"a\",\"to\":[],\"to\":[]} | route a: to: this field stands here twice",
        "{\"id\":\"a\",\"to\":[{\"url\":\"http://x\",\"url\":\"http://y\"}]} | route a: to[0].url: this field stands here twice",
        "{\"id\":\"a b\",\"to\":[]} | id: route 'a b': a name has",
        "{\"id\":7} | id: a number stands here, but a text in quotes is expected",
        "{\"to\":[]} | id: is missing; write a name such as",
        "[] | a list stands here, but an object {…} is expected",
      })
  void aFaultIsNamedWithItsPath(String json, String message) {
    assertFault(message, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"id\":\"a\",\"to\":[],\"activ\":\"b\"} | route a: activ: unknown field; did you mean 'active'?; known here: id, match, groups,",
        "{\"id\":\"a\",\"to\":[],\"redirecttohttps\":true} | route a: redirecttohttps: unknown field; did you mean 'redirectToHttps'?",
        "{\"id\":\"a\",\"to\":[],\"qqq\":1} | route a: qqq: unknown field; known here: id, match,",
        "{\"id\":\"a\",\"to\":[],\"sticky\":true} | route a: sticky: unknown field; write \"session\": \"sticky\"; known here: id,",
        "{\"id\":\"a\",\"to\":[],\"protocol\":\"tcp\"} | route a: protocol: unknown field; this version routes http and https only",
        "{\"id\":\"a\",\"to\":[],\"state\":\"drain\"} | route a: state: unknown field; it belongs to a target: {\"url\"",
        "{\"id\":\"a\",\"to\":[{\"url\":\"http://x\",\"drain\":true}]} | route a: to[0].drain: unknown field; write \"state\": \"drain\"; known",
        "{\"id\":\"a\",\"to\":[],\"host\":\"x\"} | route a: host: unknown field; write match.hosts",
        "{\"id\":\"a\",\"to\":[],\"match\":{\"host\":\"x\"}} | route a: match.host: unknown field; did you mean 'hosts'?; known here: hosts, path,",
        "{\"id\":\"a\",\"to\":[],\"timeouts\":{\"conect\":1}} | route a: timeouts.conect: unknown field; did you mean 'connect'?",
      })
  void anUnknownFieldIsRefusedWithHelp(String json, String message) {
    assertFault(message, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"id\":\"a\",} | not valid JSON: line 1, column 11: a field is missing after ','",
        "{\"id\":\"a\" \"to\":[]} | not valid JSON: line 1, column 11: fields are separated by ','",
        "{\"id\":'a'} | not valid JSON: line 1, column 7: texts stand in double quotes",
        "{id:\"a\"} | not valid JSON: line 1, column 2: a field's name in double quotes is expected",
        "{\"id\":\"a\" /* x */} | not valid JSON: line 1, column 11: fields are separated",
        "{// x | not valid JSON: line 1, column 2: JSON has no comments",
        "{\"id\":\"a\",\"to\":[1,]} | not valid JSON: line 1, column 19: an item is missing after ','",
        "{\"id\":tru} | not valid JSON: line 1, column 7: 'tru' is neither a number nor",
        "{\"id\":NaN} | not valid JSON: line 1, column 7: 'NaN' is neither",
        "{\"id\":01} | not valid JSON: line 1, column 7: '01' is neither",
        "{\"id\":\"a\"} x | not valid JSON: line 1, column 12: nothing may follow the end",
        "{\"id\":\"a | not valid JSON: line 1, column 7: this text has no closing quote",
        "{\"id\":\"\\x\"} | not valid JSON: line 1, column 8: '\\' is followed by one of",
        "{\"id\":\"a\" | not valid JSON: line 1, column 10: the text ends too early",
        "{\"id\":} | not valid JSON: line 1, column 7: a value is missing before '}'",
        " | not valid JSON: the text is empty",
      })
  void whatIsNoJsonIsRefusedWithItsPlace(String json, String message) {
    assertFault(message, json == null ? "" : json);
  }

  @Test
  void theRightLineIsNamed() {
    assertFault("not valid JSON: line 3, column 10: ", "{\n  \"id\": \"a\",\n  \"to\": [,]\n}");
  }

  @Test
  void depthAndLengthAreBounded() {
    assertFault("not valid JSON: ", "{\"id\":" + "[".repeat(100_000));
    String huge = "{\"id\":\"" + "a".repeat(RouteJson.MAX_ROUTE) + "\"}";
    assertFault(huge.length() + " characters are too many", huge);
  }

  @Test
  void aLongNameOfAnUnknownFieldCostsNothing() {
    assertFault("route a: ", "{\"id\":\"a\",\"" + "x".repeat(1_000_000) + "\":1}");
  }

  private static void assertFault(String message, String json) {
    InvalidRouteException fault =
        assertThrows(InvalidRouteException.class, () -> RouteJson.parse(json), json);
    assertTrue(fault.getMessage().startsWith(message), () -> json + "\n" + fault.getMessage());
  }
}
