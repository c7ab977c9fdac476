package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a document says that traffic is balanced, kept, checked, repeated, bounded, drained,
 * switched.
 */
class RulesJsonTest {
  private static final String EVERYTHING =
      """
      {
        "id": "shop",
        "groups": {
          "blue": {
            "targets": [
              {"url": "http://10.0.0.1:80", "state": "drain"},
              {"url": "http://10.0.0.2:80", "weight": 2, "id": "b", "state": "disabled"}
            ],
            "health": {
              "check": "tcp",
              "slowStart": 30
            }
          },
          "green": {
            "targets": ["http://10.0.0.3:80"],
            "health": {}
          }
        },
        "active": {"blue": 75, "green": 25},
        "balancer": {"name": "consistent-hash", "header": "x-user", "maxLoad": 2.5},
        "session": {"cookie": "sid", "path": "/shop", "lifetime": 86400},
        "health": {
          "check": {
            "method": "POST",
            "path": "/up?deep=1",
            "host": "app.internal:81",
            "headers": {
              "X-Check": "1"
            },
            "statuses": ["200", "300-399"],
            "body": "ok",
            "interval": 0.5,
            "timeout": 3,
            "fall": 5,
            "rise": 1,
            "initial": "up"
          },
          "eject": {
            "failures": 3,
            "statuses": [502, 503],
            "time": 10,
            "maxTime": 300,
            "share": 30
          },
          "panic": 20,
          "slowStart": 60
        },
        "retries": {
          "attempts": 1,
          "perTry": 2.5,
          "budget": 10,
          "on": ["connect", "timeout"],
          "statuses": [503]
        },
        "capacity": {"maxRequests": 50, "pending": 100, "pendingTimeout": 2},
        "rateLimit": {"requests": 600, "per": 60, "burst": 20, "header": "x-key"},
        "drain": 120,
        "onRemove": "close",
        "switch": {
          "id": "s1",
          "to": "green",
          "from": {"blue": 3, "green": 1},
          "phase": "step",
          "step": 1,
          "paused": true,
          "preflight": 30,
          "steps": [
            {"percent": 5, "time": 60},
            {"percent": 25, "time": 0.5}
          ],
          "watch": 90,
          "maxErrors": 5,
          "minRequests": 100
        }
      }""";

  @Test
  void allRulesAreReadAndWrittenBackAsTheyWere() {
    Route route = RouteJson.parse(EVERYTHING);

    assertEquals(EVERYTHING, RouteJson.format(route));
    assertEquals(Target.State.DRAIN, route.groups().get("blue").targets().get(0).state());
    assertEquals(Balancing.byHeader("X-User").withMaxLoad(2.5), route.balancing());
    assertEquals(new Session("sid", "/shop", Duration.ofDays(1)), route.session().orElseThrow());
    HealthCheck check = route.health().check().orElseThrow();
    assertEquals("POST /up?deep=1 of app.internal:81", check.describe());
    assertTrue(check.good(200) && check.good(399) && !check.good(201));
    assertEquals(Duration.ofMillis(500), check.interval());
    assertEquals(
        new Ejection(3, Set.of(502, 503), Duration.ofSeconds(10), Duration.ofMinutes(5), 30),
        route.health().ejection());
    assertEquals(
        Health.checked(HealthCheck.tcp()).withSlowStart(Duration.ofSeconds(30)),
        route.healthOf(route.groups().get("blue")));
    assertEquals(Health.DEFAULT, route.healthOf(route.groups().get("green")));
    assertEquals(
        new Retries(
            1,
            Duration.ofMillis(2500),
            10,
            Set.of(Retries.On.CONNECT, Retries.On.TIMEOUT),
            Set.of(503)),
        route.retries());
    assertEquals(new Capacity(50, 100, Duration.ofSeconds(2)), route.capacity());
    assertEquals(
        new RateLimit(600, Duration.ofMinutes(1), 20, "X-Key"), route.rateLimit().orElseThrow());
    assertEquals(new Drain(Duration.ofMinutes(2), Drain.OnRemove.CLOSE), route.drain());
    RunningSwitch running = route.running().orElseThrow();
    assertEquals(RunningSwitch.Phase.STEP, running.phase());
    assertEquals(25, running.options().steps().get(running.step()).percent());
    assertEquals(Map.of("blue", 3, "green", 1), running.from().weights());
  }

  /** Short form, long form. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"balancer\":\"random\" | \"balancer\":{\"name\":\"random\"}",
        "\"balancer\":{\"name\":\"consistent-hash\"} | \"balancer\":{\"name\":\"consistent-hash\",\"by\":\"client\",\"maxLoad\":1.25}",
        "\"balancer\":\"mine\" | \"balancer\":{\"name\":\"mine\"}",
        "\"session\":\"sticky\" | \"session\":{}",
        "\"session\":\"sticky\" | \"session\":{\"cookie\":\"\",\"path\":\"/\",\"lifetime\":0.0}",
        "\"health\":\"/up\" | \"health\":{\"check\":\"/up\"}",
        "\"health\":\"/up\" | \"health\":{\"check\":{\"type\":\"http\",\"path\":\"/up\"}}",
        "\"health\":\"tcp\" | \"health\":{\"check\":{\"type\":\"tcp\"}}",
        "\"health\":\"tls\" | \"health\":{\"check\":{\"type\":\"tls\",\"interval\":2}}",
        "\"health\":\"/\" | \"health\":{\"check\":{}}",
        "\"health\":{\"check\":{\"statuses\":[200,\"404-404\"]}} | \"health\":{\"check\":{\"statuses\":[2e2,\"404\"]}}",
        "\"health\":{\"eject\":{\"time\":120}} | \"health\":{\"eject\":{\"time\":120,\"maxTime\":120}}",
        "\"retries\":1 | \"retries\":{\"attempts\":1}",
        "\"retries\":1 | \"retries\":{\"attempts\":1.0,\"perTry\":0,\"on\":[\"reset\",\"connect\"]}",
        "\"rateLimit\":{\"requests\":5} | \"rateLimit\":{\"requests\":5,\"per\":1,\"burst\":5,\"header\":\"\"}",
        "\"drain\":30 | \"onRemove\":\"drain\"",
        "\"capacity\":{} | \"retries\":2",
      })
  void twoWaysToSayOneThing(String one, String other) {
    String written = RouteJson.format(RouteJson.parse(with(one)));
    assertEquals(written, RouteJson.format(RouteJson.parse(with(other))));
    assertEquals(RouteJson.parse(with(one)), RouteJson.parse(written));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"balancer\":7 | balancer: a number stands here, but a balancer's name or an object {\"name\": …} is expected",
        "\"balancer\":\"\" | balancer: '' is no name of a balancer: write one of round-robin, least-requests,",
        "\"balancer\":{} | balancer.name: is missing; write \"consistent-hash\"",
        "\"balancer\":{\"name\":\" \"} | balancer.name: ' ' is no name of a balancer",
        "\"balancer\":{\"name\":\"random\",\"by\":\"path\"} | balancer.by: it belongs to the balancer consistent-hash; remove it",
        "\"balancer\":{\"name\":\"mine\",\"maxLoad\":1.25} | balancer.maxLoad: it belongs to the balancer consistent-hash",
        "\"balancer\":{\"name\":\"consistent-hash\",\"by\":\"ip\"} | balancer.by: what is hashed is \"client\" or \"path\"; for others",
        "\"balancer\":{\"name\":\"consistent-hash\",\"by\":\"path\",\"header\":\"x\"} | balancer: write one of 'by', 'header' and 'cookie'",
        "\"balancer\":{\"name\":\"consistent-hash\",\"header\":\"\"} | balancer.header: '' is no name of a header field: write 1 to 255 letters",
        "\"balancer\":{\"name\":\"consistent-hash\",\"header\":\"a b\"} | balancer.header: 'a b' is no name of a header field",
        "\"balancer\":{\"name\":\"consistent-hash\",\"cookie\":\"a=b\"} | balancer.cookie: 'a=b' is no name of a cookie",
        "\"balancer\":{\"name\":\"consistent-hash\",\"maxLoad\":1} | balancer.maxLoad: 1.0 is not between 1.05 and 100.0",
        "\"balancer\":{\"name\":\"consistent-hash\",\"maxLoad\":1e400} | balancer.maxLoad: 1e400 is beyond all bounds here",
        "\"balancer\":{\"name\":\"consistent-hash\",\"maxLoad\":-1e-400} | balancer.maxLoad: -0.0 is not between 1.05",
        "\"balancer\":{\"name\":\"consistent-hash\",\"maxLoad\":\"NaN\"} | balancer.maxLoad: a text stands here, but a number is expected",
        "\"balancer\":{\"name\":\"consistent-hash\",\"path\":true} | balancer.path: unknown field; write \"by\": \"path\"",
        "\"session\":\"stickey\" | session: 'stickey' is no kind of session; write \"sticky\"",
        "\"session\":true | session: true stands here, but \"sticky\" or an object {\"cookie\": …} is expected",
        "\"session\":null | session: null stands here, but \"sticky\" or an object {\"cookie\": …} is expected; leave the field out",
        "\"session\":{\"cookie\":\"a;b\"} | session.cookie: 'a;b' is no name of a cookie: write",
        "\"session\":{\"path\":\"x\"} | session.path: 'x' is no path of a cookie: write / or",
        "\"session\":{\"path\":\"/;x\"} | session.path: '/;x' is no path of a cookie",
        "\"session\":{\"lifetime\":0.5} | session.lifetime: 0.5 s is neither 0 nor between 1 s and 34560000 s",
        "\"session\":{\"lifetime\":1e10} | session.lifetime: 1e10 s is beyond all bounds here",
        "\"session\":{\"name\":\"x\"} | session.name: unknown field; write 'cookie'",
        "\"retries\":\"1\" | retries: a text stands here, but a number of attempts or an object",
        "\"retries\":1.5 | retries: 1.5 is no whole number",
        "\"retries\":{\"attempts\":11} | retries.attempts: 11 is not between 0 and 10",
        "\"retries\":{\"perTry\":0.05} | retries.perTry: 0.05 s is neither 0 nor between 0.1 s and 86400 s",
        "\"retries\":{\"budget\":101} | retries.budget: 101 is not between 0 and 100",
        "\"retries\":{\"on\":\"reset\"} | retries.on: a text stands here, but a list",
        "\"retries\":{\"on\":[\"Reset\"]} | retries.on[0]: 'Reset' is not known here; write one of connect, reset, timeout",
        "\"retries\":{\"on\":[\"reset\",\"reset\"]} | retries.on[1]: the same stands here twice; remove one of them",
        "\"retries\":{\"statuses\":[404]} | retries.statuses: 404 is not between 500 and 599",
        "\"retries\":{\"statuses\":[502,502.0]} | retries.statuses[1]: the same stands here twice",
        "\"retries\":{\"statuses\":[\"502\"]} | retries.statuses[0]: a text stands here, but a whole number",
        "\"capacity\":50 | capacity: a number stands here, but an object",
        "\"capacity\":{\"maxRequests\":-1} | capacity.maxRequests: -1 is not between 0 and 1000000",
        "\"capacity\":{\"pending\":100001} | capacity.pending: 100001 is not between 0 and 100000",
        "\"capacity\":{\"pendingTimeout\":0} | capacity.pendingTimeout: 0 s is not between 0.1 s and 300 s",
        "\"maxRequests\":5 | maxRequests: unknown field; it stands in 'capacity'",
        "\"rateLimit\":{} | rateLimit.requests: is missing; write how many in each 'per' seconds",
        "\"rateLimit\":{\"requests\":0} | rateLimit.requests: 0 is not between 1 and 1000000",
        "\"rateLimit\":{\"requests\":1,\"per\":0.5} | rateLimit.per: 0.5 s is not between 1 s and 86400 s",
        "\"rateLimit\":{\"requests\":1,\"burst\":0} | rateLimit.burst: 0 is not between 1",
        "\"rateLimit\":{\"requests\":1,\"header\":\"a:b\"} | rateLimit.header: 'a:b' is no name of a header field",
        "\"drain\":0 | drain: 0 s is not between 0.1 s and 86400 s",
        "\"drain\":{\"deadline\":3} | drain: an object stands here, but a number of seconds is expected",
        "\"onRemove\":\"kill\" | onRemove: 'kill' is not known here; write one of drain, close, keep",
      })
  void aFaultOfARuleIsNamedWithItsPath(String field, String message) {
    assertFault(message, with(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"health\":[] | health: a list stands here, but a check such as \"/healthz\" or an object",
        "\"health\":\"up\" | health: 'up' is no check; write a path such as \"/healthz\", \"tcp\" or \"tls\"",
        "\"health\":\"/a b\" | health: '/a b' is no path for a check; write one such as /healthz",
        "\"health\":{\"path\":\"/up\"} | health.path: unknown field; it stands in 'check'",
        "\"health\":{\"interval\":1} | health.interval: unknown field; it stands in 'check'",
        "\"health\":{\"panic\":101} | health.panic: 101 is not between 0 and 100",
        "\"health\":{\"slowStart\":4000} | health.slowStart: 4000 s is neither 0 nor between 0.1 s and 3600 s",
        "\"health\":{\"check\":true} | health.check: true stands here, but \"/healthz\", \"tcp\", \"tls\" or an object",
        "\"health\":{\"check\":\"http\"} | health.check: 'http' is no check; write a path",
        "\"health\":{\"check\":{\"type\":\"icmp\"}} | health.check.type: 'icmp' is not known here; write one of http, tcp, tls",
        "\"health\":{\"check\":{\"type\":\"tcp\",\"path\":\"/\"}} | health.check.path: it belongs to a check of type http, and this one is of type tcp; remove it",
        "\"health\":{\"check\":{\"type\":\"tls\",\"body\":\"ok\"}} | health.check.body: it belongs to a check of type http, and this one is of type tls",
        "\"health\":{\"check\":{\"method\":\"get\"}} | health.check.method: 'get' is no method for a check; write GET, HEAD",
        "\"health\":{\"check\":{\"method\":\"CONNECT\"}} | health.check.method: 'CONNECT' is no method",
        "\"health\":{\"check\":{\"path\":\"up\"}} | health.check.path: 'up' is no path for a check",
        "\"health\":{\"check\":{\"host\":\"a/b\"}} | health.check.host: 'a/b' is no host: write name or name:port",
        "\"health\":{\"check\":{\"headers\":{\"Host\":\"x\"}}} | health.check.headers.Host: write it as 'host', beside 'headers'",
        "\"health\":{\"check\":{\"headers\":{\"Upgrade\":\"x\"}}} | health.check.headers.Upgrade: this field belongs to the proxy itself",
        "\"health\":{\"check\":{\"headers\":{\"a b\":\"x\"}}} | health.check.headers: 'a b' is no header field name",
        "\"health\":{\"check\":{\"headers\":{\"X-A\":\"\\n\"}}} | health.check.headers.X-A: the value holds a control character",
        "\"health\":{\"check\":{\"headers\":{\"X-A\":\"1\",\"x-a\":\"2\"}}} | health.check.headers.x-a: this header field stands here twice",
        "\"health\":{\"check\":{\"statuses\":[]}} | health.check.statuses: no status would be a good one; write [\"200-399\"]",
        "\"health\":{\"check\":{\"statuses\":[600]}} | health.check.statuses[0]: '600' is no range of status codes; write 200 or 200-299",
        "\"health\":{\"check\":{\"statuses\":[200.5]}} | health.check.statuses[0]: 200.5 is no whole number",
        "\"health\":{\"check\":{\"statuses\":[\"299-200\"]}} | health.check.statuses[0]: 299-200 is no range of status codes",
        "\"health\":{\"check\":{\"statuses\":[\"2xx\"]}} | health.check.statuses[0]: '2xx' is no range of status codes",
        "\"health\":{\"check\":{\"statuses\":[200,\"200-200\"]}} | health.check.statuses[1]: the same stands here twice",
        "\"health\":{\"check\":{\"status\":200}} | health.check.status: unknown field; write statuses: [\"200-299\"]",
        "\"health\":{\"check\":{\"body\":\"\"}} | health.check.body: a text of 0 characters cannot be looked for: write 1 to 1000",
        "\"health\":{\"check\":{\"method\":\"HEAD\",\"body\":\"ok\"}} | health.check.body: an answer to HEAD has none: remove it",
        "\"health\":{\"check\":{\"interval\":0}} | health.check.interval: 0 s is not between 0.1 s and 3600 s",
        "\"health\":{\"check\":{\"timeout\":61}} | health.check.timeout: 61 s is not between 0.1 s and 60 s",
        "\"health\":{\"check\":{\"fall\":0}} | health.check.fall: 0 is not between 1 and 100",
        "\"health\":{\"check\":{\"rise\":101}} | health.check.rise: 101 is not between 1 and 100",
        "\"health\":{\"check\":{\"initial\":\"healthy\"}} | health.check.initial: 'healthy' is not known here; write one of up, down, unknown",
        "\"health\":{\"eject\":{\"failures\":1001}} | health.eject.failures: 1001 is not between 0 and 1000",
        "\"health\":{\"eject\":{\"statuses\":[499]}} | health.eject.statuses: 499 is not between 500 and 599",
        "\"health\":{\"eject\":{\"time\":0}} | health.eject.time: 0 s is not between 0.1 s and 3600 s",
        "\"health\":{\"eject\":{\"time\":5000}} | health.eject.time: 5000 s is not between 0.1 s and 3600 s",
        "\"health\":{\"eject\":{\"maxTime\":1}} | health.eject.maxTime: 1 s is not between 2 s and 3600 s",
        "\"health\":{\"eject\":{\"share\":101}} | health.eject.share: 101 is not between 0 and 100",
      })
  void aFaultOfHealthIsNamedWithItsPath(String field, String message) {
    assertFault(message, with(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"s\" | switch: a text stands here, but an object",
        "{} | switch.id: is missing; write a name such as \"s1\"",
        "{\"id\":\"a b\",\"to\":\"default\",\"from\":\"default\"} | switch.id: switch 'a b': a name has 1 to 63",
        "{\"id\":\"s\",\"from\":\"default\"} | switch.to: is missing; write the group that is to become active",
        "{\"id\":\"s\",\"to\":\"default\"} | switch.from: is missing; write the group that was active before",
        "{\"id\":\"s\",\"to\":\"blue\",\"from\":\"default\"} | switch.to: there is no group 'blue'; this route has [default]",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":{\"default\":1,\"blue\":9}} | switch.from: there is no group 'blue'; this route has [default]",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":{\"default\":0}} | switch.from: no group has a weight above 0",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"phase\":\"done\"} | switch.phase: 'done' is not known here; write one of preflight, step, watch",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"phase\":\"step\"} | switch.phase: it is in a step, but has no steps: give 'steps', or write another phase",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"step\":1} | switch.step: there is no step 1 among 0: remove it",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"step\":2,\"steps\":[{\"percent\":1,\"time\":1},{\"percent\":2,\"time\":1}]} | switch.step: there is no step 2 among 2: write 0 to 1",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"step\":-1} | switch.step: there is no step -1 among 0",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"steps\":[{\"time\":1}]} | switch.steps[0].percent: is missing; write the new group's part, 1 to 99",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"steps\":[{\"percent\":1}]} | switch.steps[0].time: is missing; write seconds",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"steps\":[{\"percent\":100,\"time\":1}]} | switch.steps[0].percent: 100 is not between 1 and 99: all of the traffic follows",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"steps\":[{\"percent\":1,\"time\":0}]} | switch.steps[0].time: 0 s is not between 0.1 s and 604800 s",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"preflight\":-1} | switch.preflight: -1 s is neither 0 nor between",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"watch\":604801} | switch.watch: 604801 s is neither 0 nor between 0.1 s and 604800 s",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"maxErrors\":101} | switch.maxErrors: 101 is not between 0 and 100",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"minRequests\":0} | switch.minRequests: 0 is not between 1 and",
        "{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"paused\":\"yes\"} | switch.paused: a text stands here, but true or false",
      })
  void aFaultOfASwitchIsNamedWithItsPath(String value, String message) {
    assertFault(message, with("\"switch\":" + value));
  }

  @Test
  void aFaultInAGroupIsNamedWithItsPath() {
    String group = "{\"id\":\"a\",\"groups\":{\"v1.2\":{\"targets\":[%s],\"health\":%s}}}";
    assertFault(
        "groups.v1.2.health.check.fall: 0 is", group.formatted("", "{\"check\":{\"fall\":0}}"));
    assertFault("groups.v1.2.health: 'x' is no check", group.formatted("", "\"x\""));
    assertFault(
        "groups.v1.2.targets[0].state: 'off' is not known here; write one of ready, drain, disabled",
        group.formatted("{\"url\":\"http://x\",\"state\":\"off\"}", "{}"));
    assertFault(
        "groups.v1.2.targets[0].health: unknown field; it belongs to the group",
        group.formatted("{\"url\":\"http://x\",\"health\":\"/\"}", "{}"));
  }

  /** A message of a million characters helps nobody, and one with a line break forges a log. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"balancer\":\"%s\"",
        "\"balancer\":{\"name\":\"consistent-hash\",\"cookie\":\"%s\"}",
        "\"session\":\"%s\"",
        "\"session\":{\"cookie\":\"%s\"}",
        "\"session\":{\"path\":\"%s\"}",
        "\"health\":\"%s\"",
        "\"health\":\"/%s\"",
        "\"health\":{\"check\":{\"path\":\"/%s\"}}",
        "\"health\":{\"check\":{\"host\":\"%s\"}}",
        "\"health\":{\"check\":{\"method\":\"%s\"}}",
        "\"health\":{\"check\":{\"body\":\"%s\"}}",
        "\"health\":{\"check\":{\"headers\":{\"x\":\"%s\"}}}",
        "\"health\":{\"check\":{\"statuses\":[\"%s\"]}}",
        "\"retries\":{\"on\":[\"%s\"]}",
        "\"rateLimit\":{\"requests\":1,\"header\":\"%s\"}",
        "\"onRemove\":\"%s\"",
        "\"active\":\"%s\"",
        "\"hostHeader\":\"%s\"",
        "\"switch\":{\"id\":\"%s\",\"to\":\"default\",\"from\":\"default\"}",
        "\"switch\":{\"id\":\"s\",\"to\":\"%s\",\"from\":\"default\"}",
      })
  void aHugeTextIsRefusedInAShortMessageOfOneLine(String field) {
    String huge = "line\\nline" + "x".repeat(500_000);
    InvalidRouteException fault =
        assertThrows(
            InvalidRouteException.class, () -> RouteJson.parse(with(field.formatted(huge))));
    String message = String.valueOf(fault.getMessage());
    assertTrue(message.length() < 400 && message.lines().count() == 1, message);
    String plain = "x".repeat(500_000);
    assertThrows(
        InvalidRouteException.class, () -> RouteJson.parse(with(field.formatted(plain))), field);
  }

  /** A proxy holds 100,000 routes: what they do not say, or say as it is anyway, costs nothing. */
  @Test
  void whatIsAtItsDefaultIsSharedByAllRoutes() throws Exception {
    Route silent = RouteJson.parse("{\"id\":\"a\",\"to\":[]}");
    Route wordy =
        RouteJson.parse(
            """
            {"id":"b", "to":[], "match":{"path":"/"}, "active":"default",
             "balancer":{"name":"round-robin"}, "hostHeader":"pass",
             "health":{"eject":{"failures":5,"statuses":[],"time":2.0}, "panic":0},
             "request":{"set":{}}, "response":{}, "timeouts":{"idle":60},
             "retries":{"attempts":2,"on":["reset","connect"]},
             "capacity":{"pending":1000}, "drain":30.0, "onRemove":"drain"}
            """);
    Route built = Route.builder("c").to().build();
    Set<String> own = Set.of("id", "groups", "redirectToHttps");
    for (RecordComponent part : Route.class.getRecordComponents()) {
      if (!own.contains(part.getName())) {
        Object shared = part.getAccessor().invoke(silent);
        assertNotNull(shared);
        assertSame(shared, part.getAccessor().invoke(wordy), part.getName());
        assertSame(shared, part.getAccessor().invoke(built), part.getName());
      }
    }
  }

  @Test
  void partsAtTheirDefaultAreSharedToo() {
    Route a = RouteJson.parse(with("\"health\":{\"check\":\"/up\",\"eject\":{\"time\":2}}"));
    HealthCheck check = a.health().check().orElseThrow();
    HealthCheck other = HealthCheck.http("/other");

    assertSame(Ejection.DEFAULT, a.health().ejection());
    assertSame(other.interval(), check.interval());
    assertSame(other.statuses(), check.statuses());
    assertSame(
        RouteJson.parse(with("\"balancer\":\"random\"")).balancing(),
        RouteJson.parse(with("\"balancer\":{\"name\":\"random\"}")).balancing());
    assertSame(Session.STICKY, RouteJson.parse(with("\"session\":{}")).session().orElseThrow());
    assertSame(
        Health.DEFAULT,
        RouteJson.parse("{\"id\":\"a\",\"groups\":{\"b\":{\"targets\":[],\"health\":{}}}}")
            .groups()
            .get("b")
            .health()
            .orElseThrow());
  }

  @Test
  void tooManyStepsAreRefused() {
    String step = "{\"percent\":1,\"time\":1}";
    String steps = String.join(",", Collections.nCopies(101, step));
    assertFault(
        "switch.steps: 101 steps are too many: write 100 at most",
        with(
            "\"switch\":{\"id\":\"s\",\"to\":\"default\",\"from\":\"default\",\"steps\":["
                + steps
                + "]}"));
  }

  private static String with(String field) {
    return "{\"id\":\"a\",\"to\":[]," + field + "}";
  }

  private static void assertFault(String message, String json) {
    InvalidRouteException fault =
        assertThrows(InvalidRouteException.class, () -> RouteJson.parse(json), json);
    assertTrue(
        String.valueOf(fault.getMessage()).startsWith("route a: " + message),
        () -> json + "\n" + fault.getMessage());
  }
}
