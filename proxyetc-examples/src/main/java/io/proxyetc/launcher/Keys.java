package io.proxyetc.launcher;

import java.util.List;
import java.util.Locale;

/**
 * The names that the fields of one object of the configuration may have. These lists are what the
 * JSON Schema and docs/configuration.md are held against.
 *
 * @param path of the object: {@code []} stands for any item of a list; empty: the whole document
 * @param names in the order of the documentation
 */
record Keys(String path, List<String> names) {
  static final Keys CONFIG =
      of(
          "",
          "$schema",
          "http",
          "https",
          "routes",
          "store",
          "dbPath",
          "sessionSecretFile",
          "trustedPeers",
          "maxSockets",
          "httpKeepAlive",
          "tcpTimeout",
          "limits",
          "log",
          "mail",
          "webhook",
          "app",
          "credentials",
          "workers",
          "memoryMonitor");
  static final Keys HTTP = of("http", "hostname", "port");
  static final Keys HTTPS =
      of(
          "https",
          "hostname",
          "port",
          "keyPath",
          "certPath",
          "certificates",
          "clientCertificates",
          "http2");
  static final Keys CERTIFICATE = of("https.certificates[]", "keyPath", "certPath");
  static final Keys CLIENT_CERTIFICATES = of("https.clientCertificates", "trustPath", "required");
  static final Keys STORE = of("store", "type", "path");
  static final Keys LIMITS =
      of(
          "limits",
          "maxConnections",
          "maxSockets",
          "maxRequestLine",
          "maxHead",
          "maxFields",
          "maxResponseHead",
          "maxBody",
          "headTimeout",
          "bodyTimeout",
          "keepAlive",
          "targetKeepAlive",
          "maxBuffered",
          "maxStreams",
          "drain");
  static final Keys LOG = of("log", "level", "libraries", "access");
  static final Keys ACCESS = of("log.access", "format", "file");
  static final Keys MAIL =
      of(
          "mail",
          "hostname",
          "port",
          "security",
          "username",
          "password",
          "passwordPath",
          "from",
          "to",
          "subjectPrefix",
          "timeout",
          "trustPath",
          "quiet",
          "longest",
          "attempts");
  static final Keys WEBHOOK =
      of(
          "webhook",
          "url",
          "secret",
          "secretPath",
          "timeout",
          "trustPath",
          "quiet",
          "longest",
          "attempts");
  static final Keys APP = of("app", "name", "hostname", "port");
  static final Keys CREDENTIALS = of("credentials", "username", "password");
  static final Keys MEMORY_MONITOR =
      of("memoryMonitor", "memoryLimit", "gracefulWait", "checkInterval");

  /** Every object of the configuration. */
  static final List<Keys> ALL =
      List.of(
          CONFIG,
          HTTP,
          HTTPS,
          CERTIFICATE,
          CLIENT_CERTIFICATES,
          STORE,
          LIMITS,
          LOG,
          ACCESS,
          MAIL,
          WEBHOOK,
          APP,
          CREDENTIALS,
          MEMORY_MONITOR);

  private static Keys of(String path, String... names) {
    return new Keys(path, List.of(names));
  }

  /** What to say of a name that is not among these. */
  String unknown(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String best = "";
    int least = Math.min(4, name.length() / 2 + 1);
    for (String known : names) {
      String other = known.toLowerCase(Locale.ROOT);
      boolean begins = lower.length() > 3 && (other.startsWith(lower) || lower.startsWith(other));
      int distance = begins ? 1 : distance(lower, other);
      if (distance < least) {
        least = distance;
        best = known;
      }
    }
    String hint = best.isEmpty() ? "" : "did you mean '" + best + "'? ";
    return "unknown field; " + hint + "known here: " + String.join(", ", names);
  }

  /** How many characters must be added, dropped or changed. */
  private static int distance(String a, String b) {
    if (a.length() > 40) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
