package io.proxyetc;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.proxyetc.spi.BatchRefusedException;
import io.proxyetc.spi.BatchingNotifier;
import io.proxyetc.spi.HealthBatch;
import io.proxyetc.spi.HealthEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One POST a batch. The client is made with the first one: nothing of it loads before. */
final class WebhookSender implements BatchingNotifier.Sender {
  private static final int TOO_MANY_REQUESTS = 429;

  private final URI url;
  private final byte @Nullable [] secret;
  private final Duration timeout;
  private final Optional<SSLContext> trust;

  /** Of the sending thread. */
  private @Nullable HttpClient client;

  WebhookSender(URI url, byte @Nullable [] secret, Duration timeout, Optional<SSLContext> trust) {
    this.url = url;
    this.secret = secret;
    this.timeout = timeout;
    this.trust = trust;
  }

  @Override
  public void send(HealthBatch batch)
      throws IOException, BatchRefusedException, InterruptedException {
    int status = status(request(json(batch).toString().getBytes(StandardCharsets.UTF_8)));
    if (status == TOO_MANY_REQUESTS || status >= 500) {
      throw new IOException("it answers " + status);
    }
    if (status < 200 || status > 299) {
      throw new BatchRefusedException(
          "it answers "
              + status
              + (status < 400 ? ", and redirects are not followed" : "")
              + ": check the URL, and the secret where there is one");
    }
  }

  private HttpRequest request(byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json; charset=utf-8")
            .header("User-Agent", "proxyetc")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    byte[] key = secret;
    if (key != null) {
      long seconds = Instant.now().getEpochSecond();
      request.header(
          WebhookHealthNotifier.SIGNATURE_FIELD,
          "t=" + seconds + ",v1=" + signature(key, seconds, body));
    }
    return request.build();
  }

  private static String signature(byte[] key, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new ProxyException("webhook: this JVM cannot do HMAC-SHA256 (" + e + ")", e);
    }
  }

  /** The client's own time-out ends with the head; ours is for the body, too. */
  private int status(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client().sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).statusCode();
    } catch (ExecutionException e) {
      throw new IOException("no answer: " + reason(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
    } finally {
      answer.cancel(true);
    }
  }

  private HttpClient client() {
    HttpClient made = client;
    if (made == null) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(timeout);
      trust.ifPresent(builder::sslContext);
      made = builder.build();
      client = made;
    }
    return made;
  }

  private static JsonObject json(HealthBatch batch) {
    JsonArray events = new JsonArray();
    batch.events().forEach(event -> events.add(json(event)));
    JsonObject object = new JsonObject();
    object.addProperty("id", batch.id());
    object.addProperty("more", batch.more());
    object.add("events", events);
    return object;
  }

  private static JsonObject json(HealthEvent event) {
    JsonObject object = new JsonObject();
    object.addProperty("kind", event.kind().name());
    object.addProperty("severity", event.kind().severity().name().toLowerCase(Locale.ROOT));
    object.addProperty("subject", event.subject());
    object.addProperty("detail", event.detail());
    object.addProperty("since", event.since().toString());
    object.addProperty("at", event.at().toString());
    return object;
  }

  private static String reason(@Nullable Throwable e) {
    if (e == null) {
      return "unknown";
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
