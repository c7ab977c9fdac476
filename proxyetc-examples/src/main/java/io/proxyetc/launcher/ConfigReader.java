package io.proxyetc.launcher;

import io.proxyetc.AccessLog;
import io.proxyetc.Limits;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.SessionSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the text of a configuration to a {@link Config}, or to all its faults at once. Every field
 * is described in docs/configuration.md. For one thread.
 */
final class ConfigReader {
  private static final Path ROUTES_FILE = Path.of("routes.json");

  private final Faults faults;
  private final Paths paths;
  private final List<String> warnings = new ArrayList<>();

  private ConfigReader(Faults faults, Paths paths) {
    this.faults = faults;
    this.paths = paths;
  }

  /**
   * Reads a configuration.
   *
   * @param directory what relative paths start from
   * @param environment the value of a variable; null where it is unset
   */
  static Config read(String text, Path directory, Function<String, @Nullable String> environment)
      throws ConfigException {
    Faults faults = new Faults(text);
    @Nullable Config config = null;
    try {
      Json document = JsonParser.parse(text);
      if (text.contains("${")) {
        document = new Variables(environment, faults).in(document, "");
      }
      Optional<Section> root = Section.of(document, "", Keys.CONFIG, faults);
      if (root.isPresent()) {
        ConfigReader reader = new ConfigReader(faults, new Paths(directory));
        config = reader.config(root.get(), new RoutesReader(text, directory, faults));
        if (faults.isEmpty()) {
          return config;
        }
      }
    } catch (JsonParser.SyntaxException e) {
      faults.add(e.at(), "", "this is no valid JSON: " + e.getMessage());
    }
    throw new ConfigException(faults.list(), config);
  }

  private Config config(Section root, RoutesReader routesReader) {
    root.text("$schema");
    if (!root.has("http") && !root.has("https")) {
      root.fault("http", "is missing: a proxy needs a listener: write {\"port\": 8080}");
    }
    Optional<Config.Listener> http = root.section("http", Keys.HTTP).flatMap(this::http);
    Optional<Config.Listener> https =
        root.section("https", Keys.HTTPS).flatMap(new HttpsReader(paths, faults)::read);
    refuseTheSameAddress(root, http, https);
    Optional<Path> dbPath = paths.directory(root, "dbPath");
    Config.Store store = store(root, dbPath);
    Optional<SessionSecret> sessionSecret = sessionSecret(root);
    List<Route> routes = routesReader.read(root);
    List<String> trustedPeers = root.list("trustedPeers", (v, p) -> network(root, v, p));
    Limits limits = new LimitsReader(root).read();
    Optional<Section> log = root.section("log", Keys.LOG);
    LogLevel level = log.flatMap(l -> level(l, "level")).orElse(LogLevel.INFO);
    LogLevel libraries =
        log.flatMap(l -> level(l, "libraries")).orElse(level.atMost(LogLevel.WARN));
    Optional<AccessLog> access =
        log.flatMap(l -> l.section("access", Keys.ACCESS)).map(this::accessLog);
    List<Alert> alerts = alerts(root);
    later(root);
    return new Config(
        http,
        https,
        store,
        sessionSecret,
        routes,
        trustedPeers,
        limits,
        level,
        libraries,
        access,
        alerts,
        paths.places(),
        List.copyOf(warnings));
  }

  /** Neither reader is loaded without its section. */
  private List<Alert> alerts(Section root) {
    List<Alert> alerts = new ArrayList<>();
    root.section("mail", Keys.MAIL)
        .map(m -> new MailReader(paths, faults).read(m))
        .ifPresent(alerts::add);
    root.section("webhook", Keys.WEBHOOK)
        .flatMap(w -> new WebhookReader(paths).read(w))
        .ifPresent(alerts::add);
    return List.copyOf(alerts);
  }

  private static Optional<LogLevel> level(Section log, String key) {
    return log.word(key, LogLevel.words()).map(LogLevel::of);
  }

  private static void refuseTheSameAddress(
      Section root, Optional<Config.Listener> http, Optional<Config.Listener> https) {
    if (http.isEmpty() || https.isEmpty() || http.get().port() == 0) {
      return;
    }
    String one = http.get().hostname();
    String other = https.get().hostname();
    boolean overlap = one.equalsIgnoreCase(other) || one.equals("*") || other.equals("*");
    if (overlap && http.get().port() == https.get().port()) {
      root.fault("https", "has the same address and port as http; give it another port");
    }
  }

  private Optional<Config.Listener> http(Section http) {
    String hostname = hostname(http);
    return port(http)
        .filter(port -> !http.unknown("hostname"))
        .map(port -> new Config.Listener(hostname, port, Optional.empty()));
  }

  static String hostname(Section listener) {
    String name = listener.text("hostname").orElse("localhost");
    if (!name.matches("[^\\s\\p{Cntrl}/]+")) {
      listener.fault(
          "hostname", "holds what no name or address has; write localhost, * or an address");
    }
    return name;
  }

  static Optional<Integer> port(Section listener) {
    listener.require("port", "a number, such as 8080");
    return listener.integer("port", 0, 65535);
  }

  private Config.Store store(Section root, Optional<Path> dbPath) {
    Optional<Path> inDbPath = dbPath.map(d -> d.resolve(ROUTES_FILE));
    if (!root.has("store")) {
      if (!root.has("dbPath")) {
        warnings.add(
            "no store: routes are kept in memory, and what changes while the proxy runs is lost"
                + " when it ends; give dbPath or store to keep it");
      }
      return new Config.Store(inDbPath);
    }
    Optional<Section> store = root.section("store", Keys.STORE);
    if (store.isEmpty()) {
      return new Config.Store(Optional.empty());
    }
    return storeOf(store.get(), inDbPath, root.has("dbPath"));
  }

  private Config.Store storeOf(Section store, Optional<Path> inDbPath, boolean hasDbPath) {
    store.require("type", "\"file\" or \"memory\"");
    String type = store.text("type").orElse("");
    Optional<Path> path = paths.file(store, "path");
    switch (type) {
      case "", "memory" -> {
        if (!type.isEmpty() && store.has("path")) {
          store.fault(
              "path", "a memory store has no file; remove path, or write \"type\": \"file\"");
        }
        return new Config.Store(Optional.empty());
      }
      case "file" -> {
        if (!store.has("path") && !hasDbPath) {
          store.fault("path", "is missing: write the file for the routes, or give dbPath");
        }
        return new Config.Store(path.or(() -> inDbPath));
      }
      case "mapdb", "etcd" ->
          store.fault("type", "the store '" + type + "' comes with a later version; use \"file\"");
      default -> store.fault("type", "'" + type + "' is no store; use \"file\" or \"memory\"");
    }
    return new Config.Store(Optional.empty());
  }

  private Optional<SessionSecret> sessionSecret(Section root) {
    String key = "sessionSecretFile";
    Optional<Path> file = paths.readable(root, key);
    try {
      return file.map(SessionSecret::file);
    } catch (ProxyException e) {
      root.fault(key, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<String> network(Section root, Json value, String path) {
    Optional<String> text = root.text(value, path);
    if (text.isPresent() && !Networks.valid(text.get())) {
      faults.add(
          value.at(),
          path,
          "'" + text.get() + "' is no address or network: write 10.1.2.3, 10.0.0.0/8 or fd00::/8");
      return Optional.empty();
    }
    return text;
  }

  private AccessLog accessLog(Section access) {
    String format = access.word("format", List.of("combined", "json")).orElse("combined");
    Optional<Path> file = paths.file(access, "file");
    @Nullable Path directory = file.map(Path::getParent).orElse(null);
    if (directory != null && !Files.isDirectory(directory)) {
      access.fault("file", "there is no directory " + directory + ": make it");
    }
    return new AccessLog(AccessLog.Format.valueOf(format.toUpperCase(Locale.ROOT)), file);
  }

  /**
   * What this version does not do yet: it warns, or refuses what would leave something unprotected.
   */
  private void later(Section root) {
    Optional<Section> app = root.section("app", Keys.APP);
    if (app.isPresent()) {
      app.get().text("name");
      hostname(app.get());
      app.get().integer("port", 0, 65535);
      warnings.add("app: the admin comes with a later version; this one starts none");
    }
    Optional<Section> credentials = root.section("credentials", Keys.CREDENTIALS);
    if (credentials.isPresent()) {
      credentials.get().text("username");
      credentials.get().text("password");
      root.fault(
          "credentials",
          "this version has no admin, so there is nothing that these would protect; remove them");
    }
    if (root.integer("workers", 0, 1024).orElse(1) > 1) {
      warnings.add("workers: this version runs as one process, with an IO thread for each core");
    }
    Optional<Section> monitor = root.section("memoryMonitor", Keys.MEMORY_MONITOR);
    if (monitor.isPresent()) {
      monitor.get().whole("memoryLimit", 1, Long.MAX_VALUE);
      monitor.get().seconds("gracefulWait");
      monitor.get().seconds("checkInterval");
      warnings.add("memoryMonitor: comes with a later version; this one bounds its heap only");
    }
  }
}
