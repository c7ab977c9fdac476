package io.proxyetc.mail;

import io.proxyetc.ProxyException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where mails go, and how: checked. What could break out of its line in the dialog with the server
 * or in a mail's head is refused.
 */
record MailSettings(
    String host,
    int port,
    MailHealthNotifier.Security security,
    Optional<Login> login,
    String from,
    List<String> to,
    String subjectPrefix,
    Duration timeout,
    Optional<SSLContext> trust) {
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);
  private static final int MOST_RECIPIENTS = 100;

  /** Who sends. Its text does not show the password. */
  record Login(String user, String password) {
    Login {
      if (user.isEmpty() || breaks(user)) {
        throw fault("username", "is empty or has a line end: give the name of the SMTP login");
      }
      if (password.isEmpty() || breaks(password)) {
        throw fault(
            "password", "is empty or has a line end: give the SMTP login's, or no login at all");
      }
    }

    @Override
    public String toString() {
      return user;
    }
  }

  MailSettings {
    to = List.copyOf(to);
    if (host.isEmpty()) {
      throw fault("server", "is missing: give the SMTP server");
    }
    if (from.isEmpty()) {
      throw fault("from", "is missing: give an address such as proxy@example.org");
    }
    if (to.isEmpty() || to.size() > MOST_RECIPIENTS) {
      throw fault("to", to.size() + " recipients: give 1 to " + MOST_RECIPIENTS + " addresses");
    }
  }

  static String host(String host) {
    if (!host.matches("[^\\s\\p{Cntrl}/@]+") || breaks(host)) {
      throw fault("server", "'" + shown(host) + "' is no name or address: give the SMTP server's");
    }
    return host;
  }

  static int port(int port) {
    if (port < 0 || port > 65_535) {
      throw fault("port", "'" + port + "' is not between 1 and 65535: give the SMTP server's");
    }
    return port;
  }

  static String subjectPrefix(String prefix) {
    if (breaks(prefix) || prefix.length() > 100) {
      throw fault(
          "subjectPrefix",
          "'" + shown(prefix) + "' is longer than 100 characters or has a line end");
    }
    return prefix;
  }

  static Duration timeout(Duration timeout) {
    if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw fault("timeout", "'" + timeout + "' is not between 1 ms and 5 min");
    }
    return timeout;
  }

  /** One address, with or without a name beside it. */
  static String address(String field, String address) {
    if (!breaks(address) && parses(address)) {
      return address;
    }
    throw fault(
        field, "'" + shown(address) + "' is no mail address: give one such as ops@example.org");
  }

  private static boolean parses(String address) {
    try {
      InternetAddress[] parsed = InternetAddress.parse(address, true);
      if (parsed.length != 1 || parsed[0].isGroup()) {
        return false;
      }
      parsed[0].validate();
      return true;
    } catch (AddressException e) {
      return false;
    }
  }

  private static boolean breaks(String text) {
    return text.chars().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
  }

  private static String shown(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
  }

  private static ProxyException fault(String field, String text) {
    return new ProxyException("mail: " + field + ": " + text);
  }

  /** For the log. */
  String name() {
    return "mail to " + String.join(", ", to) + " by " + host + ":" + port;
  }
}
