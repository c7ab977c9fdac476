package io.proxyetc.mail;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.Batching;
import io.proxyetc.spi.BatchingNotifier;
import io.proxyetc.spi.HealthBatch;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.spi.PemTrust;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;

/**
 * Sends events by mail, over SMTP. What happens together is one mail, as text and as HTML: what
 * happened to what, what that means, and since when.
 *
 * <p>A mail that cannot be sent is sent again, later and later, for a quarter of an hour; meanwhile
 * the next one collects what happens. What the server refuses for good (a wrong password, no such
 * mailbox) is not tried again. What could not be told is counted, logged, and named in the next
 * mail.
 *
 * <pre>{@code
 * ProxyServer.builder()
 *     .notifier(
 *         MailHealthNotifier.builder()
 *             .server("smtp.example.org")
 *             .login("proxy", password)
 *             .from("proxy@example.org")
 *             .to("ops@example.org")
 *             .build())
 * }</pre>
 */
public final class MailHealthNotifier implements HealthNotifier {
  private final BatchingNotifier batches;

  private MailHealthNotifier(MailSettings settings, Batching batching) {
    this.batches = new BatchingNotifier(settings.name(), batching, new MailSender(settings));
  }

  /** Server, from and to must be given. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public void notify(HealthEvent event) {
    batches.notify(event);
  }

  @Override
  public long undelivered() {
    return batches.undelivered();
  }

  /** Sends what waits, for some seconds at most. */
  @Override
  public void close() {
    batches.close();
  }

  @Override
  public String toString() {
    return batches.toString();
  }

  /** How the connection to the server is protected. */
  public enum Security {
    /** Not at all; port 25. For a server on this machine or in a closed network. */
    PLAIN(25),
    /**
     * STARTTLS where the server offers it, whatever its certificate (one that is signed by those of
     * {@link Builder#trust}, where they are given); port 25. Keeps out who only listens, and not
     * who can change what is sent.
     */
    STARTTLS_OPTIONAL(25),
    /** STARTTLS with a certificate that is verified, or nothing is sent; port 587. */
    STARTTLS(587),
    /** TLS from the first byte, with a certificate that is verified; port 465. */
    TLS(465);

    private final int port;

    Security(int port) {
      this.port = port;
    }

    /** Where servers listen for it. */
    public int defaultPort() {
      return port;
    }
  }

  /**
   * Describes it. Each setting is checked where it is given; a {@link ProxyException} names it, the
   * fault and the remedy. For one thread.
   */
  public static final class Builder {
    private String host = "";
    private int port;
    private Security security = Security.STARTTLS;
    private Optional<MailSettings.Login> login = Optional.empty();
    private String from = "";
    private final List<String> to = new ArrayList<>();
    private String subjectPrefix = "[proxyetc]";
    private Duration timeout = Duration.ofSeconds(10);
    private Optional<SSLContext> trust = Optional.empty();
    private Batching batching = Batching.DEFAULT;

    private Builder() {}

    /** The SMTP server, on the port that is usual for the {@link #security}. */
    public Builder server(String name) {
      return server(name, 0);
    }

    /**
     * The SMTP server.
     *
     * @param name or address
     * @param number 1 to 65535; 0: the one that is usual for the {@link #security}
     */
    public Builder server(String name, int number) {
      host = MailSettings.host(name);
      port = MailSettings.port(number);
      return this;
    }

    /** How the connection is protected; {@link Security#STARTTLS} without it. */
    public Builder security(Security newSecurity) {
      security = newSecurity;
      return this;
    }

    /** Who sends, where the server wants to know. */
    public Builder login(String user, String password) {
      login = Optional.of(new MailSettings.Login(user, password));
      return this;
    }

    /** The sender's address, such as {@code proxy@example.org} or {@code Proxy <proxy@…>}. */
    public Builder from(String address) {
      from = MailSettings.address("from", address);
      return this;
    }

    /** Recipients, 100 in all; those of each call are added. */
    public Builder to(String... addresses) {
      for (String address : addresses) {
        to.add(MailSettings.address("to", address));
      }
      return this;
    }

    /** What each subject begins with; {@code [proxyetc]} without it. May be empty. */
    public Builder subjectPrefix(String prefix) {
      subjectPrefix = MailSettings.subjectPrefix(prefix);
      return this;
    }

    /** For the connection, and for each answer of the server: 1 ms to 5 min; 10 s without it. */
    public Builder timeout(Duration bound) {
      timeout = MailSettings.timeout(bound);
      return this;
    }

    /**
     * Trusts the certificates of a PEM file, and no others; without it, those that the JVM trusts.
     * The file is read here.
     */
    public Builder trust(Path pem) {
      trust = Optional.of(PemTrust.context(pem));
      return this;
    }

    /** How events are collected, and sent again; {@link Batching#DEFAULT} without it. */
    public Builder batching(Batching newBatching) {
      batching = newBatching;
      return this;
    }

    /** Opens no connection yet. Server, from and to must have been given. */
    public MailHealthNotifier build() {
      return new MailHealthNotifier(settings(), batching);
    }

    /**
     * Sends a mail with one event at once, and waits for it: to try the settings out. Blocks, for
     * some time-outs at most.
     *
     * @throws ProxyException when it could not be sent
     */
    public void sendNow(HealthEvent event) {
      MailSettings settings = settings();
      String id = UUID.randomUUID().toString();
      try {
        new MailSender(settings).send(new HealthBatch(id, List.of(event), 0));
      } catch (Exception e) { // whether or not another attempt could succeed
        throw new ProxyException(settings.name() + ": " + e.getMessage(), e);
      }
    }

    private MailSettings settings() {
      int used = port == 0 ? security.defaultPort() : port;
      return new MailSettings(host, used, security, login, from, to, subjectPrefix, timeout, trust);
    }
  }
}
