package io.proxyetc.launcher;

import io.proxyetc.ProxyException;
import io.proxyetc.WebhookHealthNotifier;
import java.util.Optional;

/** Reads the section {@code webhook}. No HTTP client is loaded without one. */
final class WebhookReader {
  private final AlertFields fields;

  WebhookReader(Paths paths) {
    this.fields = new AlertFields(paths);
  }

  /** Empty, with a fault, where it has no URL that can be. */
  Optional<Alert> read(Section webhook) {
    webhook.require("url", "where events are posted to, such as \"https://example.org/alerts\"");
    Optional<WebhookHealthNotifier.Builder> builder =
        webhook.text("url").flatMap(u -> to(webhook, u));
    Optional<String> secret = fields.secret(webhook, "secret", "secretPath");
    String secretKey = webhook.has("secretPath") ? "secretPath" : "secret";
    builder.ifPresent(
        b -> {
          secret.ifPresent(s -> AlertFields.set(webhook, secretKey, () -> b.secret(s)));
          webhook
              .seconds("timeout")
              .ifPresent(t -> AlertFields.set(webhook, "timeout", () -> b.timeout(t)));
          fields
              .trust(webhook)
              .ifPresent(p -> AlertFields.set(webhook, "trustPath", () -> b.trust(p)));
          fields.batching(webhook).ifPresent(b::batching);
        });
    return builder.map(b -> new Alert(b.name(), b::build, b::sendNow));
  }

  private static Optional<WebhookHealthNotifier.Builder> to(Section webhook, String url) {
    try {
      return Optional.of(WebhookHealthNotifier.to(url));
    } catch (ProxyException e) {
      webhook.fault("url", AlertFields.message(e, ""));
      return Optional.empty();
    }
  }
}
