package io.proxyetc.launcher;

import io.proxyetc.ProxyException;
import io.proxyetc.mail.MailHealthNotifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the section {@code mail}. Nothing of mail is loaded without one. */
final class MailReader {
  private final AlertFields fields;
  private final Faults faults;
  private final MailHealthNotifier.Builder builder = MailHealthNotifier.builder();

  MailReader(Paths paths, Faults faults) {
    this.fields = new AlertFields(paths);
    this.faults = faults;
  }

  /** Not to be used where there are faults. */
  Alert read(Section mail) {
    server(mail);
    login(mail);
    mail.require("from", "the sender's address, such as \"proxy@example.org\"");
    mail.text("from").ifPresent(from -> AlertFields.set(mail, "from", () -> builder.from(from)));
    List<String> to = recipients(mail);
    mail.text("subjectPrefix")
        .ifPresent(p -> AlertFields.set(mail, "subjectPrefix", () -> builder.subjectPrefix(p)));
    mail.seconds("timeout")
        .ifPresent(t -> AlertFields.set(mail, "timeout", () -> builder.timeout(t)));
    fields.trust(mail).ifPresent(p -> AlertFields.set(mail, "trustPath", () -> builder.trust(p)));
    fields.batching(mail).ifPresent(builder::batching);
    return new Alert("mail to " + String.join(", ", to), builder::build, builder::sendNow);
  }

  private void server(Section mail) {
    mail.require("hostname", "the SMTP server, such as \"smtp.example.org\"");
    Optional<String> host = mail.text("hostname");
    int port = mail.integer("port", 1, 65535).orElse(0);
    host.ifPresent(name -> AlertFields.set(mail, "hostname", () -> builder.server(name, port)));
    mail.word("security", words())
        .map(word -> MailHealthNotifier.Security.valueOf(name(word)))
        .ifPresent(builder::security);
  }

  private static List<String> words() {
    return Arrays.stream(MailHealthNotifier.Security.values())
        .map(security -> security.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  private static String name(String word) {
    return word.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private void login(Section mail) {
    Optional<String> user = mail.text("username");
    Optional<String> password = fields.secret(mail, "password", "passwordPath");
    boolean secret = mail.has("password") || mail.has("passwordPath");
    if (mail.has("username") && !secret) {
      mail.fault("password", "is missing: write password or passwordPath, or remove username");
    } else if (!mail.has("username") && secret) {
      mail.fault("username", "is missing: write the name of the SMTP login");
    } else if (user.isPresent() && password.isPresent()) {
      try {
        builder.login(user.get(), password.get());
      } catch (ProxyException e) {
        String key = mail.has("passwordPath") ? "passwordPath" : "password";
        boolean ofUser = e.getMessage().startsWith("mail: username");
        mail.fault(ofUser ? "username" : key, AlertFields.message(e, ""));
      }
    }
  }

  private List<String> recipients(Section mail) {
    mail.require("to", "a list of addresses, such as [\"ops@example.org\"]");
    List<String> to = mail.list("to", (value, path) -> recipient(mail, value, path));
    boolean empty =
        mail.value("to").map(v -> v instanceof Json.Arr a && a.items().isEmpty()).orElse(false);
    if (empty || to.size() > 100) {
      mail.fault("to", "holds " + to.size() + " addresses; write 1 to 100");
    }
    return to;
  }

  private Optional<String> recipient(Section mail, Json value, String path) {
    Optional<String> address = mail.text(value, path);
    try {
      address.ifPresent(builder::to);
      return address;
    } catch (ProxyException e) {
      Json.Text text = (Json.Text) value;
      String shown =
          text.fromEnvironment() ? "the value of " + text.source() : "'" + text.value() + "'";
      faults.add(value.at(), path, AlertFields.message(e, shown));
      return Optional.empty();
    }
  }
}
