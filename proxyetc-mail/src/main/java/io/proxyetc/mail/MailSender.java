package io.proxyetc.mail;

import io.proxyetc.spi.BatchRefusedException;
import io.proxyetc.spi.BatchingNotifier;
import io.proxyetc.spi.HealthBatch;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;
import org.simplejavamail.api.email.Email;
import org.simplejavamail.api.email.EmailPopulatingBuilder;
import org.simplejavamail.api.mailer.Mailer;
import org.simplejavamail.api.mailer.MailerRegularBuilder;
import org.simplejavamail.api.mailer.config.TransportStrategy;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mail a batch, over a connection of its own. The library is told everything that matters,
 * since it takes what it is not told from a {@code simplejavamail.properties} or the environment,
 * where the embedding program may have put something for mails of its own.
 */
final class MailSender implements BatchingNotifier.Sender {
  private static final Logger log = LoggerFactory.getLogger(MailSender.class);
  private static final int REFUSED = 500;

  private final MailSettings settings;

  /** Made with the first mail. Of the sending thread, as is the next. */
  private @Nullable Mailer mailer;

  private @Nullable String machine;

  MailSender(MailSettings settings) {
    this.settings = settings;
  }

  @Override
  public void send(HealthBatch batch) throws IOException, BatchRefusedException {
    Email mail = mail(batch);
    try {
      mailer().sendMail(mail, false).join();
    } catch (RuntimeException e) { // the library wraps whatever it was
      failed(e);
    }
  }

  private Email mail(HealthBatch batch) {
    MailText text = new MailText(batch, machine(), ZoneId.systemDefault());
    EmailPopulatingBuilder mail =
        EmailBuilder.startingBlank()
            .ignoringDefaults(true)
            .ignoringOverrides(true)
            .from(settings.from())
            .withSubject(text.subject(settings.subjectPrefix()))
            .withPlainText(text.plain())
            .withHTMLText(text.html())
            // Sent again, it is the same mail; and no holiday notice shall come back (RFC 3834).
            .fixingMessageId("<" + batch.id() + "@" + machine() + ">")
            .withHeader("Auto-Submitted", "auto-generated");
    settings.to().forEach(mail::to);
    return mail.buildEmail();
  }

  private Mailer mailer() {
    Mailer made = mailer;
    if (made == null) {
      made = newMailer();
      mailer = made;
    }
    return made;
  }

  private Mailer newMailer() {
    TransportStrategy strategy =
        switch (settings.security()) {
          case PLAIN, STARTTLS_OPTIONAL -> TransportStrategy.SMTP;
          case STARTTLS -> TransportStrategy.SMTP_TLS;
          case TLS -> TransportStrategy.SMTPS;
        };
    boolean optional = settings.security() == MailHealthNotifier.Security.STARTTLS_OPTIONAL;
    MailerRegularBuilder<?> builder =
        MailerBuilder.withSMTPServer(
                settings.host(),
                settings.port(),
                settings.login().map(MailSettings.Login::user).orElse(null),
                settings.login().map(MailSettings.Login::password).orElse(null))
            .withTransportStrategy(strategy);
    builder
        .withSessionTimeout((int) settings.timeout().toMillis())
        .withDebugLogging(false)
        .withTransportModeLoggingOnly(false)
        .clearProxy()
        .clearEmailValidator() // the settings have checked the addresses
        .trustingAllHosts(optional)
        .verifyingServerIdentity(!optional);
    String prefix = settings.security() == MailHealthNotifier.Security.TLS ? "smtps" : "smtp";
    // One mailbox that is gone must not keep the mail from the others.
    builder.withProperty("mail." + prefix + ".sendpartial", "true");
    // Whoever fails with the certificates that are given is not tried with those of the JVM.
    builder.withProperty("mail." + prefix + ".socketFactory.fallback", "false");
    if (settings.security() == MailHealthNotifier.Security.PLAIN) {
      builder.withProperty("mail.smtp.starttls.enable", "false");
    }
    Mailer made = builder.buildMailer();
    // Not by the library's own method, which forgets SMTPS.
    settings
        .trust()
        .ifPresent(
            context ->
                made.getSession()
                    .getProperties()
                    .put("mail." + prefix + ".ssl.socketFactory", context.getSocketFactory()));
    return made;
  }

  /** Whether another attempt makes sense, and why this one failed. */
  private void failed(RuntimeException e) throws IOException, BatchRefusedException {
    Throwable cause = e;
    while (!(cause instanceof MessagingException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof AuthenticationFailedException && !comesBack(cause)) {
      throw new BatchRefusedException(
          "the server does not accept the login: give the right user and password ("
              + text(cause)
              + ")");
    }
    if (cause instanceof SendFailedException partly && sent(partly.getValidSentAddresses()) > 0) {
      log.warn(
          "{}: not all recipients got it: {}: {}",
          settings.name(),
          names(partly.getInvalidAddresses(), partly.getValidUnsentAddresses()),
          text(partly));
      return;
    }
    if (code(cause) >= REFUSED) {
      throw new BatchRefusedException("the server refuses it: " + text(cause));
    }
    throw new IOException(text(cause), e);
  }

  /** Whether the server only cannot look into its accounts now. */
  private static boolean comesBack(Throwable refusal) {
    return text(refusal).matches("4[0-9][0-9]\\b.*");
  }

  /** The reply of the server that decided; 0 where it was something else. */
  private static int code(@Nullable Throwable fault) {
    int code = 0;
    for (Throwable each = fault; each != null; each = next(each)) {
      if (each instanceof SMTPSendFailedException sending) {
        code = sending.getReturnCode();
      } else if (each instanceof SMTPAddressFailedException address) {
        code = address.getReturnCode();
      }
      if (code > 0 && code < REFUSED) {
        return code; // one that asks for another attempt goes before those that refuse
      }
    }
    return code;
  }

  private static @Nullable Throwable next(Throwable each) {
    return each instanceof MessagingException chain ? chain.getNextException() : null;
  }

  private static int sent(Address @Nullable [] addresses) {
    return addresses == null ? 0 : addresses.length;
  }

  private static String names(Address @Nullable []... lists) {
    return Arrays.stream(lists)
        .filter(list -> list != null)
        .flatMap(Arrays::stream)
        .map(Address::toString)
        .collect(Collectors.joining(", "));
  }

  /** All messages of the chain, in one line: the last one often says most. */
  private static String text(Throwable fault) {
    StringBuilder text = new StringBuilder();
    int links = 0;
    for (Throwable each = fault; each != null && links < 4; links++) {
      String message = each.getMessage();
      String line =
          message == null || message.isBlank()
              ? each.getClass().getSimpleName()
              : message.strip().replaceAll("\\s+", " ");
      if (text.indexOf(line) < 0) {
        text.append(text.length() == 0 ? "" : ": ").append(line);
      }
      each = each instanceof MessagingException ? next(each) : each.getCause();
    }
    return text.toString();
  }

  /** This machine's name, which may ask DNS: on the sending thread only. */
  private String machine() {
    String found = machine;
    if (found == null) {
      try {
        found = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
      } catch (UnknownHostException e) {
        found = "localhost";
      }
      found = found.replaceAll("[^a-z0-9.-]", "-");
      machine = found;
    }
    return found;
  }
}
