package io.proxyetc.launcher;

import io.proxyetc.Tls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the section {@code https}. */
final class HttpsReader {
  private final Paths paths;
  private final Faults faults;

  HttpsReader(Paths paths, Faults faults) {
    this.paths = paths;
    this.faults = faults;
  }

  Optional<Config.Listener> read(Section https) {
    String hostname = ConfigReader.hostname(https);
    Optional<Integer> port = ConfigReader.port(https);
    List<Tls.Pem> certificates = certificates(https);
    Optional<Section> clients = https.section("clientCertificates", Keys.CLIENT_CERTIFICATES);
    Optional<Path> trust = clients.flatMap(this::trust);
    boolean required = clients.flatMap(c -> c.bool("required")).orElse(true);
    boolean http2 = https.bool("http2").orElse(true);
    if (certificates.isEmpty() || https.unknown("hostname")) {
      return Optional.empty();
    }
    Tls.ClientAuth auth =
        trust.isEmpty()
            ? Tls.ClientAuth.NONE
            : required ? Tls.ClientAuth.NEED : Tls.ClientAuth.WANT;
    // Without a port nothing is run, but the certificates can be looked at.
    Tls tls = new Tls(certificates, auth, trust, http2);
    return Optional.of(new Config.Listener(hostname, port.orElse(0), Optional.of(tls)));
  }

  private List<Tls.Pem> certificates(Section https) {
    List<Tls.Pem> all = new ArrayList<>();
    boolean several = https.has("certificates");
    if (!several || https.has("certPath") || https.has("keyPath")) {
      certificate(https).ifPresent(all::add);
    }
    all.addAll(
        https.list(
            "certificates",
            (value, path) ->
                Section.of(value, path, Keys.CERTIFICATE, faults).flatMap(this::certificate)));
    boolean none = https.value("certificates").map(HttpsReader::isEmpty).orElse(false);
    if (none && all.isEmpty() && !https.has("certPath") && !https.has("keyPath")) {
      https.fault("certificates", "holds no certificate: add {\"certPath\": …, \"keyPath\": …}");
    }
    return all;
  }

  private static boolean isEmpty(Json value) {
    return value instanceof Json.Arr array && array.items().isEmpty();
  }

  private Optional<Tls.Pem> certificate(Section section) {
    section.require("certPath", "the PEM file of the certificate and its issuers");
    section.require("keyPath", "the PEM file of the private key");
    Optional<Path> certificate = paths.readable(section, "certPath");
    Optional<Path> key = paths.readable(section, "keyPath");
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new Tls.Pem(certificate.get(), key.get()))
        : Optional.empty();
  }

  private Optional<Path> trust(Section clients) {
    clients.require("trustPath", "the PEM file of the certificates that sign clients");
    return paths.readable(clients, "trustPath");
  }
}
