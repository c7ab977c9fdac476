package io.proxyetc.testkit;

import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Hears what a WebSocket receives. Safe for any thread. */
public final class EchoListener implements WebSocket.Listener {
  private final StringBuilder text = new StringBuilder();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private CompletableFuture<String> next = new CompletableFuture<>();

  /** Completes with the next whole text, and with its failure where the connection fails. */
  public synchronized CompletableFuture<String> nextText() {
    return next;
  }

  /** Completes with the code of the close frame. */
  public CompletableFuture<Integer> closed() {
    return closed;
  }

  /** Forgets the text that came, and waits for another. */
  public synchronized void expectAnother() {
    next = new CompletableFuture<>();
  }

  @Override
  public synchronized @Nullable CompletionStage<?> onText(
      WebSocket socket, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      next.complete(text.toString());
      text.setLength(0);
    }
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public synchronized void onError(WebSocket socket, Throwable error) {
    next.completeExceptionally(error);
    closed.completeExceptionally(error);
  }
}
