package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.Route;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row 21: matching, rules and the target see one and the same normal form of the path. {@code
 * /admin} leads to a target of its own, so that every way around the match shows.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class PathTest {
  private Rig rig;
  private RecordingTarget admin;

  @BeforeAll
  void open() {
    rig = Rig.start();
    admin = RecordingTarget.start();
    rig.proxy().routes().put(Route.builder("admin").path("/admin").to(admin.url()).build());
  }

  @BeforeEach
  void forget() {
    rig.target().forget();
    admin.forget();
  }

  @AfterAll
  void close() {
    rig.close();
    admin.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/admin, /admin",
    "/admin/, /admin/",
    "/admin/x, /admin/x",
    "/admin?x=/../y, /admin?x=/../y",
    "/x/../admin, /admin",
    "/x/..//../admin, /admin",
    "/./admin, /admin",
    "/../admin, /admin",
    "/../../admin/x, /admin/x",
    "/admin/., /admin/",
    "/admin/y/.., /admin/",
    "/%61dmin, /admin",
    "/%61%64%6D%69%6e, /admin",
    "/x/%2e%2e/admin, /admin",
    "/x/%2E./admin, /admin",
    "/x/.%2e/admin/x, /admin/x",
    "/%2e/admin, /admin",
    "/admin/%7euser, /admin/~user",
    "/admin/a%2fb, /admin/a%2Fb",
    "/admin/a%5cb, /admin/a%5Cb",
    "/admin/%c3%a4, /admin/%C3%A4",
    "/admin/%25%32%65, /admin/%252e",
    "/admin/..., /admin/...",
    "/admin/.x, /admin/.x",
    "/admin//x, /admin//x",
    "/admin/\u00e4\u00ff, /admin/%E4%FF",
    "'/admin/\"<>^`{|}', /admin/%22%3C%3E%5E%60%7B%7C%7D",
    "/admin/\\x, /admin/%5Cx",
    "'/admin/!$&''()*+,;=:@-._~', '/admin/!$&''()*+,;=:@-._~'"
  })
  void leadsToTheAdminTarget(String path, String forwarded) {
    assertEquals("GET " + forwarded, rig.get(path).body());
    admin.assertReceived("GET " + forwarded);
    rig.target().assertReceived();
  }

  @ParameterizedTest
  @CsvSource({
    "/administrator, /administrator",
    "/ADMIN, /ADMIN",
    "/admin%2Fx, /admin%2Fx",
    "/admin%2fx, /admin%2Fx",
    "/admin%5Cx, /admin%5Cx",
    "/x%2F..%2Fadmin, /x%2F..%2Fadmin",
    "/x/%252e%252e/admin, /x/%252e%252e/admin",
    "/admin/../x, /x",
    "/admin/%2e%2e/x, /x",
    "/admin/.., /",
    "/admin;x, /admin;x",
    "//admin, //admin",
    "/?path=/admin, /?path=/admin",
    "/x?/../admin, /x?/../admin",
    "/x??%00, /x??%00"
  })
  void leadsToTheOtherTarget(String path, String forwarded) {
    assertEquals("GET " + forwarded, rig.get(path).body());
    rig.target().assertReceived("GET " + forwarded);
    admin.assertReceived();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a%00b",
        "/a%00",
        "/%",
        "/%4",
        "/%zz",
        "/%2",
        "/a%u0041",
        "/..;/admin",
        "/x/..;/admin",
        "/x/..;a=b/admin",
        "/x/.;/admin",
        "/x/%2e%2e;/admin",
        "/a\u0001b",
        "/a#b"
      })
  void isRefusedAndNobodyHearsOfIt(String path) {
    try (RawClient client = rig.client()) {
      RawResponse refusal = client.send(Rig.request("GET", path)).read();
      assertEquals(400, refusal.status());
      if (refusal.saysClose()) {
        client.expectClosed();
      } else {
        Rig.assertStillServes(client);
        rig.target().forget();
      }
    }
    rig.assertOnlyOthersAreServed();
    admin.assertNothingSinceForgotten();
  }

  /** Every byte of the path grows to three on its way. */
  @Test
  void longPathThatGrows() {
    assertEquals("GET /" + "%E4".repeat(15_000), rig.get("/" + "\u00e4".repeat(15_000)).body());
  }

  @Test
  void absoluteFormHasTheSameNormalForm() {
    RawResponse response =
        rig.exchange("GET http://app.test/x/%2e%2e/%61dmin HTTP/1.1\r\nHost: app.test\r\n\r\n");
    assertEquals("GET /admin", response.body());
    admin.assertReceived("GET /admin");
  }

  @ParameterizedTest
  @CsvSource({
    "/strip, /",
    "/strip/, /",
    "/strip/x/y?z=1, /x/y?z=1",
    "/strip?z=1, /?z=1",
    "/%73trip/x, /x",
    "/strip/x/../y, /y",
    "/strip/a%2Fb, /a%2Fb",
    "/strip//x, //x"
  })
  void prefixIsStripped(String path, String forwarded) {
    rig.proxy()
        .routes()
        .put(Route.builder("strip").path("/strip").to(rig.target().url()).stripPath().build());
    assertEquals("GET " + forwarded, rig.get(path).body());
  }

  @ParameterizedTest
  @CsvSource({
    "/old, /new/v2",
    "/old/, /new/v2/",
    "/old/x?y=1, /new/v2/x?y=1",
    "/%6fld/../old/x, /new/v2/x"
  })
  void prefixIsReplaced(String path, String forwarded) {
    rig.proxy()
        .routes()
        .put(
            Route.builder("replace")
                .path("/old")
                .to(rig.target().url())
                .replacePath("/new/v2")
                .build());
    assertEquals("GET " + forwarded, rig.get(path).body());
  }
}
