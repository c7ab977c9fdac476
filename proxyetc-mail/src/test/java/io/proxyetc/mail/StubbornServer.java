package io.proxyetc.mail;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An SMTP server that answers recipients as a test wants it, and all else with 250. */
final class StubbornServer implements Closeable {
  /** Commands, in the order in which they came; of a mail, its text. */
  final List<String> heard = new CopyOnWriteArrayList<>();

  private final ServerSocket listener;
  private final UnaryOperator<String> recipients;

  /**
   * Starts it.
   *
   * @param recipients from a RCPT command to the reply
   */
  StubbornServer(UnaryOperator<String> recipients) {
    this.recipients = recipients;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::accept);
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  long count(String command) {
    return heard.stream().filter(line -> line.startsWith(command)).count();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        serve(client);
      } catch (IOException e) {
        // this client is gone, or the test is over
      }
    }
  }

  private void serve(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    OutputStream out = client.getOutputStream();
    reply(out, "220 ready");
    boolean text = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      heard.add(line);
      if (text) {
        text = !line.equals(".");
        if (!text) {
          reply(out, "250 taken");
        }
      } else if (line.startsWith("RCPT")) {
        reply(out, recipients.apply(line));
      } else if (line.startsWith("DATA")) {
        text = true;
        reply(out, "354 go on");
      } else {
        reply(out, "250 fine");
      }
    }
  }

  private static void reply(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
