package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a builder is given wrongly is said where it is given, with what to give instead. */
@NullUnmarked // null is given on purpose
class BuilderTest {
  private static final Tls TLS = Tls.pem(Path.of("cert.pem"), Path.of("key.pem"));
  private static final Route ROUTE = Route.builder("a").to("http://x").build();

  static Stream<Arguments> faults() {
    return Stream.of(
        fault(
            "a listener's host is null: give a name, an address, 'localhost' or '*'",
            b -> b.http(null, 0)),
        fault(
            "a listener's host is empty: give a name, an address, 'localhost' or '*'",
            b -> b.http(" ", 0)),
        fault(
            "the listener on localhost: port 70000 is not between 0 and 65535 (0: any free one)",
            b -> b.http("localhost", 70_000)),
        fault(
            "the listener on localhost: port -1 is not between 0 and 65535 (0: any free one)",
            b -> b.https("localhost", -1, TLS)),
        fault(
            "a listener's host is null: give a name, an address, 'localhost' or '*'",
            b -> b.https(null, 0, TLS)),
        fault(
            "https(…): tls is null: give Tls.pem(certificate, key), or call http(…)",
            b -> b.https("localhost", 0, null)),
        fault("store(…): the store is null: leave the call out", b -> b.store(null)),
        fault(
            "fileStore(…): the file is null: give the path of a JSON file", b -> b.fileStore(null)),
        fault(
            "balancer(…): the name is null: give the name that routes use",
            b -> b.balancer(null, targets -> (r, attempt) -> 0)),
        fault(
            "balancer(…): the name '' is empty: give another one",
            b -> b.balancer("", targets -> (r, attempt) -> 0)),
        fault(
            "balancer(…): the name 'round-robin' is that of a built-in one: give another one",
            b -> b.balancer("round-robin", targets -> (r, attempt) -> 0)),
        fault(
            "balancer own is null: give an implementation of Balancer",
            b -> b.balancer("own", null)),
        fault("notifier(…): the notifier is null: leave the call out", b -> b.notifier(null)),
        fault("with(…): the extension is null: leave the call out", b -> b.with(null)),
        fault(
            "limits(…): what is given is null: give Limits.DEFAULT, or some of its with… methods",
            b -> b.limits(null)),
        fault(
            "trustedPeers is null: give addresses or networks, or leave the call out",
            b -> b.trustedPeers((String[]) null)),
        fault(
            "trustedPeers[1] is null: give addresses or networks, or leave the call out",
            b -> b.trustedPeers("::1", null)),
        fault("accessLog(…): the log is null: leave the call out", b -> b.accessLog(null)),
        fault("lastGood(…): the file is null: leave the call out", b -> b.lastGood(null)),
        fault("firstRoutes is null: give routes, or leave the call out", b -> b.firstRoutes(null)),
        fault(
            "firstRoutes[1] is null: give routes, or leave the call out",
            b -> b.firstRoutes(Arrays.asList(ROUTE, null))),
        fault(
            "firstRoutes: route a is there twice: give each route once",
            b -> b.firstRoutes(List.of(ROUTE, ROUTE))),
        fault("ioThreads: 0 is not between 1 and 256", b -> b.ioThreads(0)),
        fault(
            "tls: the certificate is null: give the path of a PEM file",
            b -> Tls.pem(null, Path.of("key.pem"))),
        fault(
            "tls: the key is null: give the path of a PEM file",
            b -> Tls.pem(Path.of("cert.pem"), null)),
        fault(
            "tls: the trust of clients is null: give the path of a PEM file",
            b -> TLS.clients(Tls.ClientAuth.NEED, null)),
        fault(
            "tls: clientAuth is null: give ClientAuth.NONE, WANT or NEED",
            b -> TLS.clients(null, Path.of("trust.pem"))),
        fault(
            "access log: the format is null: give Format.COMBINED or Format.JSON",
            b -> new AccessLog(null, Optional.empty())),
        fault("a proxy needs a listener: call http(…) or https(…)", ProxyServer.Builder::start));
  }

  private static Arguments fault(String message, Consumer<ProxyServer.Builder> call) {
    return Arguments.of(message, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void whatCannotBeIsRefused(String message, Consumer<ProxyServer.Builder> call) {
    ProxyServer.Builder builder = ProxyServer.builder();
    ProxyException fault = assertThrows(ProxyException.class, () -> call.accept(builder));
    assertEquals(message, fault.getMessage());
  }
}
