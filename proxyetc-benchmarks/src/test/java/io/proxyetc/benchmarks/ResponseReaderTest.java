package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {

  private static final String RESPONSE =
      "HTTP/1.1 200 OK\r\nServer: x\r\ncontent-length: 5\r\n\r\nhello";

  @Test
  void findsTheEndWhereverTheBytesAreCut() {
    for (int cut = 1; cut < RESPONSE.length(); cut++) {
      ResponseReader reader = new ResponseReader();
      for (int response = 0; response < 2; response++) {
        assertEquals(false, reader.complete(bytes(RESPONSE.substring(0, cut))), "cut at " + cut);
        assertEquals(true, reader.complete(bytes(RESPONSE.substring(cut))), "cut at " + cut);
      }
    }
  }

  @Test
  void otherStatusesAndExcessBytesAreFaults() {
    assertThrows(
        BenchmarkException.class,
        () -> new ResponseReader().complete(bytes(RESPONSE.replace("200", "503"))));
    assertThrows(
        BenchmarkException.class, () -> new ResponseReader().complete(bytes(RESPONSE + "!")));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
