package io.proxyetc.internal.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5952, section 4. */
class AddressTextTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "0:0:0:0:0:0:0:1, ::1",
    "0:0:0:0:0:0:0:0, ::",
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:0:0:0:0:0:0:0, 1::",
    "0001:0022:0333:4444:5:6:7:8, 1:22:333:4444:5:6:7:8",
    "fe80::1%1, fe80::1",
  })
  void addressesAreWrittenInOneWay(String literal, String text) throws Exception {
    assertEquals(text, AddressText.of(InetAddress.getByName(literal)));
  }
}
