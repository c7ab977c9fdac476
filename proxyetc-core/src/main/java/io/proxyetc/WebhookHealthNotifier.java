package io.proxyetc;

import io.proxyetc.spi.Batching;
import io.proxyetc.spi.BatchingNotifier;
import io.proxyetc.spi.HealthBatch;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.spi.PemTrust;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Posts events to a URL, as JSON. What happens together is one POST:
 *
 * <pre>{@code
 * {"id": "0b2e…", "more": 0, "events": [
 *   {"kind": "TARGET_DOWN", "severity": "bad", "subject": "http://10.0.0.7:3000", "detail": "…",
 *    "since": "2030-01-01T10:00:00Z", "at": "2030-01-01T10:00:06Z"}]}
 * }</pre>
 *
 * {@code id} is the same when a POST is sent again; {@code more} counts earlier events that are not
 * listed. With a secret, the field {@value #SIGNATURE_FIELD} holds {@code t=SECONDS,v1=HEX}: the
 * time of this attempt in seconds since 1970, and the HMAC-SHA256, under the secret, of that
 * number, a full stop and the body. Whoever checks it, and refuses what is older than some minutes
 * and ids that he has seen, is safe from forgers and replays.
 *
 * <p>A POST arrived when it is answered with a status of 2xx. It is sent again after 429 and 5xx,
 * and when there was no answer; any other status is final, and a redirect is not followed. Of the
 * URL only scheme, name and port are logged, since many hold a secret in their path.
 */
public final class WebhookHealthNotifier implements HealthNotifier {
  /** The field of the signature. */
  public static final String SIGNATURE_FIELD = "Proxyetc-Signature";

  private final BatchingNotifier batches;

  private WebhookHealthNotifier(String name, Batching batching, WebhookSender sender) {
    this.batches = new BatchingNotifier(name, batching, sender);
  }

  /**
   * To this URL.
   *
   * @param url http or https
   * @throws ProxyException for one that cannot be; the message does not hold it
   */
  public static Builder to(String url) {
    return new Builder(url);
  }

  @Override
  public void notify(HealthEvent event) {
    batches.notify(event);
  }

  @Override
  public long undelivered() {
    return batches.undelivered();
  }

  /** Posts what waits, for some seconds at most. */
  @Override
  public void close() {
    batches.close();
  }

  @Override
  public String toString() {
    return batches.toString();
  }

  /** Describes it. For one thread. */
  public static final class Builder {
    private static final int LEAST_SECRET = 16;

    private final URI url;
    private byte @Nullable [] secret;
    private Duration timeout = Duration.ofSeconds(10);
    private Optional<SSLContext> trust = Optional.empty();
    private Batching batching = Batching.DEFAULT;

    private Builder(String url) {
      Given.notNull("webhook: the URL", url, "give one such as https://example.org/alerts");
      this.url = checked(url);
    }

    private static URI checked(String url) {
      URI uri;
      try {
        uri = new URI(url);
      } catch (URISyntaxException e) {
        throw fault("the URL is none (at character " + (e.getIndex() + 1) + ")");
      }
      String scheme = String.valueOf(uri.getScheme());
      if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
        throw fault("the URL does not begin with http:// or https://");
      }
      if (uri.getHost() == null || uri.getPort() > 65_535) {
        throw fault("the URL has no name or address, or no port that can be");
      }
      if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
        throw fault("the URL has a user or a fragment (@ or #), which are not sent");
      }
      return uri;
    }

    private static ProxyException fault(String what) {
      return new ProxyException(
          "webhook: " + what + ": give one such as https://example.org/alerts");
    }

    /**
     * Signs each POST; none is without it.
     *
     * @param text at least 16 characters, better 32 random ones; the receiver has the same
     */
    public Builder secret(String text) {
      Given.notNull("webhook: the secret", text, "leave the call out");
      if (text.length() < LEAST_SECRET) {
        throw new ProxyException(
            "webhook: the secret is shorter than "
                + LEAST_SECRET
                + " characters: make a random one, as with openssl rand -hex 32");
      }
      secret = text.getBytes(StandardCharsets.UTF_8);
      return this;
    }

    /** How long an attempt may take in all, from 1 ms to 5 min; 10 s without it. */
    public Builder timeout(Duration bound) {
      if (bound.toMillis() < 1 || bound.compareTo(Duration.ofMinutes(5)) > 0) {
        throw new ProxyException("webhook: timeout: '" + bound + "' is not between 1 ms and 5 min");
      }
      timeout = bound;
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
      batching =
          Given.notNull("webhook: batching", newBatching, "give Batching.DEFAULT or your own");
      return this;
    }

    /** Opens no connection yet. */
    public WebhookHealthNotifier build() {
      return new WebhookHealthNotifier(name(), batching, sender());
    }

    /**
     * Posts one event at once, and waits for the answer: to try the settings out. Blocks, for the
     * time-out at most.
     *
     * @throws ProxyException when it did not arrive
     */
    public void sendNow(HealthEvent event) {
      String id = UUID.randomUUID().toString();
      try {
        sender().send(new HealthBatch(id, List.of(event), 0));
      } catch (Exception e) { // whether or not another attempt could succeed
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        throw new ProxyException(name() + ": " + e.getMessage(), e);
      }
    }

    private WebhookSender sender() {
      return new WebhookSender(url, secret, timeout, trust);
    }

    /** For people: without the path of the URL. */
    public String name() {
      return "webhook " + url.getScheme() + "://" + url.getRawAuthority();
    }
  }
}
