package io.proxyetc.internal.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client's first message tells before an engine has read it. */
class ClientHelloTest {
  /** What the JDK's own client sends first. */
  private static ByteBuffer hello(String version, List<SNIServerName> names) throws Exception {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {version});
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(names);
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return out.flip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theNameIsFound(String version) throws Exception {
    ByteBuffer hello = hello(version, List.of(new SNIHostName("www.shop.test")));
    int length = hello.remaining();
    assertEquals("www.shop.test", ClientHello.serverName(hello));
    assertEquals(length, hello.remaining(), "they stay unread");
    assertNull(ClientHello.serverName(hello(version, List.of())));
  }

  @Test
  void behindOtherBytesOfABufferToo() throws Exception {
    ByteBuffer hello = hello("TLSv1.3", List.of(new SNIHostName("shop.test")));
    ByteBuffer more = ByteBuffer.allocateDirect(hello.remaining() + 20).position(7);
    more.put(hello).limit(more.position() + 5).position(7);
    assertEquals("shop.test", ClientHello.serverName(more));
  }

  @Test
  void aPartOfItTellsNothing() throws Exception {
    ByteBuffer hello = hello("TLSv1.3", List.of(new SNIHostName("shop.test")));
    for (int length = 0; length < hello.limit(); length++) {
      assertNull(ClientHello.serverName(hello.slice(0, length)));
    }
  }

  @Test
  void damageDoesNoHarm() throws Exception {
    ByteBuffer hello = hello("TLSv1.2", List.of(new SNIHostName("shop.test")));
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      ByteBuffer damaged = ByteBuffer.allocate(hello.limit()).put(hello.slice()).flip();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged.put(random.nextInt(damaged.limit()), (byte) random.nextInt());
      }
      ClientHello.serverName(damaged);
    }
  }
}
