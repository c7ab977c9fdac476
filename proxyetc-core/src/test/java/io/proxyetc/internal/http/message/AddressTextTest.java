package io.proxyetc.internal.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Java would ask a name server for most of these, and the IO thread would wait for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cafe",
        "1.2.3.4.5",
        "1.2.3",
        "256.1.1.1",
        "01.2.3.4",
        ".::",
        ":",
        "1:2",
        "a.b"
      })
  void whatIsNoAddressIsNotLookedUp(String text) {
    assertNull(AddressText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "255.0.0.10", "::1", "::", "2001:db8::7", "1:2:3:4:5:6:7:8"})
  void addressesAreRead(String text) {
    assertEquals(text, AddressText.of(Objects.requireNonNull(AddressText.parse(text))));
  }
}
