package io.proxyetc.mail;

import io.proxyetc.ProxyException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
    Optional<Path> trust) {
  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);
  private static final int MOST_RECIPIENTS = 100;

  /** Who sends. Its text does not show the password. */
  record Login(String user, String password) {
    @Override
    public String toString() {
      return user;
    }
  }

  MailSettings {
    to = List.copyOf(to);
    if (host.isBlank() || !host.equals(host.strip()) || breaks(host)) {
      throw fault("server", "'" + shown(host) + "' is no name or address: give the SMTP server's");
    }
    if (port < 1 || port > 65_535) {
      throw fault("port", port + " is not between 1 and 65535: give the SMTP server's");
    }
    login.ifPresent(MailSettings::check);
    check("from", from);
    if (to.isEmpty() || to.size() > MOST_RECIPIENTS) {
      throw fault("to", to.size() + " recipients: give 1 to " + MOST_RECIPIENTS + " addresses");
    }
    for (int i = 0; i < to.size(); i++) {
      check("to[" + i + "]", to.get(i));
    }
    if (breaks(subjectPrefix) || subjectPrefix.length() > 100) {
      throw fault("subjectPrefix", "has a line end or is longer than 100 characters: leave it out");
    }
    if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw fault("timeout", timeout + " is not between 1 ms and 5 min");
    }
  }

  private static void check(Login login) {
    if (login.user().isEmpty() || breaks(login.user())) {
      throw fault("user", "is empty or has a line end: give the name of the SMTP login");
    }
    if (login.password().isEmpty() || breaks(login.password())) {
      throw fault(
          "password", "is empty or has a line end: give the SMTP login's, or no login at all");
    }
  }

  private static void check(String field, String address) {
    if (breaks(address)) {
      throw fault(field, "'" + shown(address) + "' has a line end: give one address");
    }
    try {
      InternetAddress[] parsed = InternetAddress.parse(address, true);
      if (parsed.length == 1 && !parsed[0].isGroup()) {
        parsed[0].validate();
        return;
      }
    } catch (AddressException e) {
      // said below, in our words
    }
    throw fault(field, "'" + address + "' is no mail address: give one such as ops@example.org");
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
