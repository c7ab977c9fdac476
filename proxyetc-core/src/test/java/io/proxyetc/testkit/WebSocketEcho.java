package io.proxyetc.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A small WebSocket server (RFC 6455, version 13) as a script: it sends every frame back, answers a
 * ping with a pong, a close frame with one, and answers other versions by 426.
 */
public final class WebSocketEcho implements Script {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  @Override
  public void run(Exchange exchange) throws IOException {
    Received request = exchange.request();
    if (!request.has("Upgrade") || !request.field("Sec-WebSocket-Version").equals("13")) {
      exchange.send(
          "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    exchange.send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept(request.field("Sec-WebSocket-Key"))
            + "\r\n\r\n");
    boolean open = true;
    while (open) {
      open = echoFrame(exchange);
    }
    exchange.bodyDone();
    exchange.close();
  }

  /** The answer to a key (RFC 6455, section 4.2.2). */
  static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }

  /** A frame as a client sends it, masked; at most 125 bytes. */
  public static String clientFrame(int opcode, String payload) {
    StringBuilder frame = new StringBuilder();
    frame.append((char) (0x80 | opcode)).append((char) (0x80 | payload.length()));
    String mask = "\u0001\u0002\u0003\u0004";
    frame.append(mask);
    for (int i = 0; i < payload.length(); i++) {
      frame.append((char) (payload.charAt(i) ^ mask.charAt(i & 3)));
    }
    return frame.toString();
  }

  private static boolean echoFrame(Exchange exchange) throws IOException {
    String start = exchange.readExactly(2);
    if (start.length() < 2) {
      return false;
    }
    int length = start.charAt(1) & 0x7f;
    String extended = exchange.readExactly(length == 126 ? 2 : length == 127 ? 8 : 0);
    if (length > 125) {
      length = 0;
      for (int i = 0; i < extended.length(); i++) {
        length = length << 8 | extended.charAt(i);
      }
    }
    String mask = exchange.readExactly(4);
    String masked = exchange.readExactly(length);
    StringBuilder payload = new StringBuilder(length);
    for (int i = 0; i < masked.length(); i++) {
      payload.append((char) (masked.charAt(i) ^ mask.charAt(i & 3)));
    }
    String size = Character.toString(start.charAt(1) & 0x7f);
    char first = start.charAt(0);
    // A ping wants a pong: a ping of ours would be answered in its turn.
    char answer = (first & 0x0f) == 9 ? (char) (first & 0xf0 | 10) : first;
    exchange.send(answer + size + extended + payload);
    return (first & 0x0f) != 8;
  }
}
