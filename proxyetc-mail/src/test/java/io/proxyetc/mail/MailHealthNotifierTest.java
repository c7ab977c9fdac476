package io.proxyetc.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.proxyetc.ProxyException;
import io.proxyetc.mail.MailHealthNotifier.Security;
import io.proxyetc.spi.Batching;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.HeardLog;
import io.proxyetc.testkit.TestCertificates;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mails that arrive, or do not, at a real SMTP server. */
class MailHealthNotifierTest {
  private static final String PASSWORD = "correct-horse";
  private static final Instant AT = Instant.parse("2030-01-01T10:00:06Z");

  /** A moment of quiet, then many attempts a few milliseconds apart. */
  private static final Batching QUICK =
      new Batching(
          Duration.ofMillis(200),
          Duration.ofSeconds(20),
          100,
          1_000,
          Duration.ofMillis(5),
          Duration.ofSeconds(10));

  private GreenMail server;

  @BeforeEach
  void start() {
    server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private int port() {
    return server.getSmtp().getPort();
  }

  private static MailHealthNotifier.Builder mail(int port, Security security) {
    return MailHealthNotifier.builder()
        .server("127.0.0.1", port)
        .security(security)
        .from("Proxy <proxy@example.org>")
        .to("ops@example.org")
        .batching(QUICK);
  }

  private static HealthEvent down(int number) {
    return new HealthEvent(
        Kind.TARGET_DOWN,
        "http://10.0.0.7:" + number,
        "connection refused; of group blue 2 of 3 <still> serve",
        AT.minusSeconds(6),
        AT);
  }

  private MimeMessage arrived() {
    Await.until("the mail", () -> server.getReceivedMessages().length > 0);
    return server.getReceivedMessages()[0];
  }

  /** The text of the part of a type. */
  private static String text(Part part, String type) throws MessagingException, IOException {
    if (part.isMimeType(type)) {
      return part.getContent().toString().replace("\r\n", "\n");
    }
    StringBuilder text = new StringBuilder();
    if (part.getContent() instanceof Multipart parts) {
      for (int i = 0; i < parts.getCount(); i++) {
        BodyPart inner = parts.getBodyPart(i);
        text.append(text(inner, type));
      }
    }
    return text.toString();
  }

  // What arrives

  @Test
  void aMailSaysWhatDiedSinceWhenAndWhatStillServes() throws Exception {
    try (MailHealthNotifier notifier =
        mail(port(), Security.PLAIN).to("boss@example.org", "Second <b@example.org>").build()) {
      notifier.notify(down(3000));
      MimeMessage mail = arrived();
      assertEquals("[proxyetc] target down: http://10.0.0.7:3000", mail.getSubject());
      assertEquals("Proxy <proxy@example.org>", mail.getFrom()[0].toString());
      assertEquals(3, mail.getAllRecipients().length);
      assertArrayEquals(new String[] {"auto-generated"}, mail.getHeader("Auto-Submitted"));
      String plain = text(mail, "text/plain");
      assertTrue(
          plain.startsWith(
              "target down: http://10.0.0.7:3000\n"
                  + "    connection refused; of group blue 2 of 3 <still> serve\n"
                  + "    since "),
          plain);
      String html = text(mail, "text/html");
      assertTrue(html.contains("2 of 3 &lt;still&gt; serve"), html);
      Await.until("a copy for each", () -> server.getReceivedMessages().length == 3);
    }
  }

  @Test
  void fiftyTargetsThatDieAtOnceMakeOneMail() throws Exception {
    try (MailHealthNotifier notifier = mail(port(), Security.PLAIN).build()) {
      IntStream.range(0, 50).forEach(i -> notifier.notify(down(i)));
      MimeMessage mail = arrived();
      assertEquals("[proxyetc] 50 events: 50 target down", mail.getSubject());
      String plain = text(mail, "text/plain");
      IntStream.range(0, 50)
          .forEach(i -> assertTrue(plain.contains("http://10.0.0.7:" + i + "\n"), plain));
    }
    assertEquals(1, server.getReceivedMessages().length);
  }

  @Test
  void whatTheQueueHadNoRoomForIsCountedInTheMail() throws Exception {
    Batching small =
        new Batching(
            Duration.ofHours(1),
            Duration.ofHours(1),
            10,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10));
    MailHealthNotifier notifier = mail(port(), Security.PLAIN).batching(small).build();
    IntStream.range(0, 50).forEach(i -> notifier.notify(down(i)));
    notifier.close(); // sends what waits
    MimeMessage mail = arrived();
    assertEquals("[proxyetc] 50 events: 10 target down", mail.getSubject());
    assertTrue(text(mail, "text/plain").contains("40 earlier events are not listed"));
  }

  @Test
  void aNameThatWantsToBeAFieldOrACommandIsText() throws Exception {
    HealthEvent evil =
        new HealthEvent(
            Kind.SWITCHED,
            "shop\r\nBcc: eve@example.org\r\n\r\n<script>",
            "a\r\n.\r\nRCPT TO:<eve@example.org>",
            AT);
    try (MailHealthNotifier notifier = mail(port(), Security.PLAIN).build()) {
      notifier.notify(evil);
      MimeMessage mail = arrived();
      assertEquals(1, mail.getAllRecipients().length);
      assertTrue(mail.getSubject().startsWith("[proxyetc] switched: shop  Bcc: eve"));
      assertTrue(text(mail, "text/html").contains("&lt;script&gt;"));
    }
    assertEquals(1, server.getReceivedMessages().length);
  }

  // Who may listen

  @Test
  void withStartTlsTheServerIsVerified(@TempDir Path dir) throws Exception {
    TestCertificates ca = TestCertificates.in(dir);
    TestCertificates.Leaf right = ca.leaf(TestCertificates.Kind.EC_PKCS8, "127.0.0.1");
    TestCertificates.Leaf other = ca.leaf(TestCertificates.Kind.EC_PKCS8, "other.example.org");
    try (TlsFront front = TlsFront.startTls(port(), ca.clientContext(right));
        TlsFront impostor = TlsFront.startTls(port(), ca.clientContext(other))) {
      assertFails(mail(front.port(), Security.STARTTLS), "PKIX path building failed");
      assertFails(
          mail(impostor.port(), Security.STARTTLS).trust(ca.authority()),
          "No subject alternative names matching");
      assertEquals(0, server.getReceivedMessages().length);
      mail(front.port(), Security.STARTTLS).trust(ca.authority()).sendNow(down(1));
      arrived();
      assertEquals(1, front.secured.get());
    }
  }

  @Test
  void withTlsTheServerIsVerified(@TempDir Path dir) throws Exception {
    TestCertificates ca = TestCertificates.in(dir);
    TestCertificates.Leaf right = ca.leaf(TestCertificates.Kind.EC_PKCS8, "127.0.0.1");
    TestCertificates.Leaf other = ca.leaf(TestCertificates.Kind.EC_PKCS8, "other.example.org");
    try (TlsFront front = TlsFront.tls(port(), ca.clientContext(right));
        TlsFront impostor = TlsFront.tls(port(), ca.clientContext(other))) {
      assertFails(mail(front.port(), Security.TLS), "PKIX path building failed");
      assertFails(
          mail(impostor.port(), Security.TLS).trust(ca.authority()),
          "No subject alternative names matching");
      assertEquals(0, server.getReceivedMessages().length);
      mail(front.port(), Security.TLS).trust(ca.authority()).sendNow(down(1));
      arrived();
      assertEquals(1, front.secured.get());
    }
  }

  @Test
  void withoutTheStartTlsThatIsAskedForNothingIsSent() {
    server.setUser("proxy@example.org", "proxy", PASSWORD);
    assertFails(mail(port(), Security.STARTTLS).login("proxy", PASSWORD), "STARTTLS is required");
    assertEquals(0, server.getReceivedMessages().length);
  }

  @Test
  void optionalStartTlsIsUsedWhereItIsOffered(@TempDir Path dir) throws Exception {
    mail(port(), Security.STARTTLS_OPTIONAL).sendNow(down(1));
    TestCertificates ca = TestCertificates.in(dir);
    TestCertificates.Leaf leaf = ca.leaf(TestCertificates.Kind.EC_PKCS8, "other.example.org");
    try (TlsFront front = TlsFront.startTls(port(), ca.clientContext(leaf))) {
      mail(front.port(), Security.STARTTLS_OPTIONAL).sendNow(down(2));
      assertEquals(1, front.secured.get());
      mail(front.port(), Security.PLAIN).sendNow(down(3));
      assertEquals(1, front.secured.get());
    }
    assertEquals(3, server.getReceivedMessages().length);
  }

  private static void assertFails(MailHealthNotifier.Builder builder, String reason) {
    String message =
        assertThrows(ProxyException.class, () -> builder.sendNow(down(1))).getMessage();
    assertTrue(message.contains(reason), message);
    assertTrue(message.startsWith("mail to ops@example.org by 127.0.0.1:"), message);
  }

  // Who may send

  @Test
  void whoeverLogsInMaySend() {
    server.setUser("proxy@example.org", "proxy", PASSWORD);
    mail(port(), Security.PLAIN).login("proxy", PASSWORD).sendNow(down(1));
    assertEquals(1, server.getReceivedMessages().length);
  }

  @Test
  void aWrongPasswordIsToldOnceAndNotTriedAgain() {
    server.setUser("proxy@example.org", "proxy", PASSWORD);
    try (HeardLog log = HeardLog.open();
        MailHealthNotifier notifier =
            mail(port(), Security.PLAIN).login("proxy", "wrong-horse").build()) {
      notifier.notify(down(1));
      Await.until("the refusal", () -> notifier.undelivered() == 1);
      Await.until(
          "its line",
          () ->
              log.lines("ERROR", "1 event could not be told: the server does not accept the login")
                      .size()
                  == 1);
      assertEquals(0, log.lines("is tried again").size());
      assertEquals(0, log.lines("wrong-horse").size());
    }
    assertEquals(0, server.getReceivedMessages().length);
  }

  // When it fails

  @Test
  void aServerThatIsAwayAndComesBackGetsTheMail() throws Exception {
    int port = port();
    server.stop();
    try (HeardLog log = HeardLog.open();
        MailHealthNotifier notifier = mail(port, Security.PLAIN).build()) {
      notifier.notify(down(1));
      Await.until("a failure", () -> !log.lines("failed, and is tried again").isEmpty());
      server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
      server.start();
      assertEquals("[proxyetc] target down: http://10.0.0.7:1", arrived().getSubject());
      assertEquals(0, notifier.undelivered());
    }
    assertEquals(1, server.getReceivedMessages().length);
  }

  @Test
  void oneMailboxThatIsGoneDoesNotKeepTheMailFromTheOthers() throws IOException {
    UnaryOperator<String> answer = line -> line.contains("gone@") ? "550 gone" : "250 ok";
    try (HeardLog log = HeardLog.open();
        StubbornServer stubborn = new StubbornServer(answer);
        MailHealthNotifier notifier =
            mail(stubborn.port(), Security.PLAIN).to("gone@example.org").build()) {
      notifier.notify(down(1));
      Await.until("the mail", () -> stubborn.count("Subject:") == 1);
      Await.until(
          "the line", () -> log.lines("not all recipients", "gone@example.org").size() == 1);
      assertEquals(0, notifier.undelivered());
      assertEquals(1, stubborn.count("DATA"));
    }
  }

  @Test
  void aServerThatRefusesForGoodIsNotAskedAgain() throws IOException {
    try (StubbornServer stubborn = new StubbornServer(line -> "550 no such mailbox");
        MailHealthNotifier notifier = mail(stubborn.port(), Security.PLAIN).build()) {
      notifier.notify(down(1));
      Await.until("the refusal", () -> notifier.undelivered() == 1);
      assertEquals(1, stubborn.count("RCPT"));
    }
  }

  @Test
  void aServerThatAsksToComeAgainIsAskedAgain() throws IOException {
    StringBuilder asked = new StringBuilder();
    UnaryOperator<String> answer =
        line -> asked.append('.').length() < 3 ? "450 come again" : "250 ok";
    try (StubbornServer stubborn = new StubbornServer(answer);
        MailHealthNotifier notifier = mail(stubborn.port(), Security.PLAIN).build()) {
      notifier.notify(down(1));
      Await.until("the mail", () -> stubborn.count("Subject:") == 1);
      assertEquals(3, stubborn.count("RCPT"));
    }
  }

  // What is refused where it is given

  static Stream<UnaryOperator<MailHealthNotifier.Builder>> lineEnds() {
    return Stream.of(
        b -> b.server("mail.example.org\r\nX"),
        b -> b.from("a@example.org\r\nBcc: b@example.org"),
        b -> b.to("a@example.org\nb@example.org"),
        b -> b.to("a@example.org>\r\nDATA"),
        b -> b.subjectPrefix("x\r\nBcc: b@example.org"),
        b -> b.login("user\r\n", PASSWORD),
        b -> b.login("user", PASSWORD + "\n"));
  }

  @ParameterizedTest
  @MethodSource("lineEnds")
  void aLineEndInAFieldIsRefused(UnaryOperator<MailHealthNotifier.Builder> change) {
    MailHealthNotifier.Builder builder = mail(25, Security.PLAIN);
    String message = assertThrows(ProxyException.class, () -> change.apply(builder)).getMessage();
    assertTrue(message.matches("mail: [a-zA-Z]+: .*"), message);
    assertEquals(-1, message.indexOf(PASSWORD), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ops", "ops@", "a@example.org, b@example.org", "a b@example.org"})
  void whatIsNoAddressIsRefused(String address) {
    MailHealthNotifier.Builder builder = mail(25, Security.PLAIN);
    String message = assertThrows(ProxyException.class, () -> builder.to(address)).getMessage();
    assertEquals(
        "mail: to: '" + address + "' is no mail address: give one such as ops@example.org",
        message);
  }

  @Test
  void whatMustBeGivenIsAskedFor() {
    assertEquals(
        "mail: server: is missing: give the SMTP server",
        assertThrows(ProxyException.class, () -> MailHealthNotifier.builder().build())
            .getMessage());
    MailHealthNotifier.Builder nobody =
        MailHealthNotifier.builder().server("localhost").from("a@example.org");
    assertEquals(
        "mail: to: 0 recipients: give 1 to 100 addresses",
        assertThrows(ProxyException.class, nobody::build).getMessage());
  }
}
