package io.proxyetc.internal.tls;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Looks into the first message of a client, without being the one who answers it. */
final class ClientHello {
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int VERSION_AND_RANDOM = 2 + 32;
  private static final int SERVER_NAME = 0;
  private static final int HOST_NAME = 0;

  private ClientHello() {}

  /**
   * The name that the client asks for (RFC 8446 §4.1.2, RFC 6066 §3).
   *
   * @param received the connection's bytes from the first one on; they stay unread
   * @return null: none, or the message is not whole, or goes over several records
   */
  static @Nullable String serverName(ByteBuffer received) {
    ByteBuffer in = received.duplicate();
    try {
      if (in.get() != HANDSHAKE) {
        return null;
      }
      in.getShort(); // a version that means nothing
      ByteBuffer message = take(in, length16(in));
      return message.get() == CLIENT_HELLO ? hostName(take(message, length24(message))) : null;
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  private static @Nullable String hostName(ByteBuffer hello) {
    take(hello, VERSION_AND_RANDOM);
    take(hello, length8(hello)); // session
    take(hello, length16(hello)); // cipher suites
    take(hello, length8(hello)); // compression
    ByteBuffer extensions = take(hello, length16(hello));
    while (extensions.hasRemaining()) {
      int type = extensions.getShort();
      ByteBuffer extension = take(extensions, length16(extensions));
      if (type == SERVER_NAME) {
        return firstHostName(take(extension, length16(extension)));
      }
    }
    return null;
  }

  private static @Nullable String firstHostName(ByteBuffer names) {
    while (names.hasRemaining()) {
      int type = names.get();
      ByteBuffer name = take(names, length16(names));
      if (type == HOST_NAME) {
        return StandardCharsets.US_ASCII.decode(name).toString();
      }
    }
    return null;
  }

  private static int length8(ByteBuffer in) {
    return in.get() & 0xff;
  }

  private static int length16(ByteBuffer in) {
    return in.getShort() & 0xffff;
  }

  private static int length24(ByteBuffer in) {
    return length8(in) << 16 | length16(in);
  }

  private static ByteBuffer take(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer taken = in.slice(in.position(), length);
    in.position(in.position() + length);
    return taken;
  }
}
