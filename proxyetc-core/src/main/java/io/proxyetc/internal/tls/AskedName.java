package io.proxyetc.internal.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * The name that the client of one engine asks for (SNI, RFC 6066); every name is welcome.
 *
 * <p>From JDK 25 on, an engine that is to resume a session asks for its certificate before it reads
 * the name: sessions of all certificates but the first would be refused. {@link #listen} therefore
 * reads it ahead of the engine.
 */
public final class AskedName extends SNIMatcher {
  private volatile @Nullable String name; // the handshake's tasks run on other threads

  AskedName() {
    super(StandardConstants.SNI_HOST_NAME);
  }

  /**
   * Reads the name before the engine does; whether it can or not, the engine will. Never blocks.
   *
   * @param engine of a server
   * @param received from the connection's first byte on; they stay unread
   */
  public static void listen(SSLEngine engine, ByteBuffer received) {
    AskedName asked = in(engine);
    if (asked != null) {
      asked.name = ClientHello.serverName(received);
    }
  }

  /** What was asked from an engine; null: nothing. */
  static @Nullable String of(SSLEngine engine) {
    AskedName asked = in(engine);
    return asked == null ? null : asked.name;
  }

  private static @Nullable AskedName in(SSLEngine engine) {
    for (SNIMatcher matcher : engine.getSSLParameters().getSNIMatchers()) {
      if (matcher instanceof AskedName asked) {
        return asked;
      }
    }
    return null;
  }

  @Override
  public boolean matches(SNIServerName asked) {
    name = asked instanceof SNIHostName host ? host.getAsciiName() : null;
    return true;
  }
}
