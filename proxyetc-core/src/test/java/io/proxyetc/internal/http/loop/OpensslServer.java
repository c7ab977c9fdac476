package io.proxyetc.internal.http.loop;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.Peers;
import io.proxyetc.testkit.TestCertificates.Leaf;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenSSL as a server: answers every request with a page that tells what the handshake came to,
 * {@code Reused, TLSv1.3} for one. For what the JDK does not tell of its own sessions.
 */
final class OpensslServer implements AutoCloseable {
  private static final String ACCEPTS = "ACCEPT 127.0.0.1:";
  private final Process process;
  private final int port;

  OpensslServer(Leaf leaf, String... options) {
    try {
      process = new ProcessBuilder(command(leaf, options)).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    port = Await.get("openssl listens", OwnThread.get(this::announced));
  }

  private static List<String> command(Leaf leaf, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Peers.require("openssl").toString(),
                "s_server",
                "-www",
                "-accept",
                "127.0.0.1:0",
                "-cert",
                leaf.certificate().toString(),
                "-key",
                leaf.key().toString()));
    command.addAll(List.of(options));
    return command;
  }

  private int announced() {
    try {
      BufferedReader out = process.inputReader(StandardCharsets.US_ASCII);
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(ACCEPTS)) {
          return Integer.parseInt(line.substring(ACCEPTS.length()));
        }
      }
      throw new AssertionError("openssl s_server ended");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
