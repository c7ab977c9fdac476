package io.proxyetc.internal.http.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverTest {
  @Test
  void withoutASettingAnAnswerIsFreshForHalfAMinute() {
    assertEquals(30, Resolver.freshSeconds(null));
  }

  @ParameterizedTest
  @CsvSource({"5,5", "30,30", "86400,30", "0,1", "-1,30", "soon,30", "'',30", "99999999999,30"})
  void theJvmsSettingHoldsWhereItIsShorter(String jvm, int seconds) {
    assertEquals(seconds, Resolver.freshSeconds(jvm));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "255.255.255.255", "::1", "fe80::1:2"})
  void anAddressIsNotAskedFor(String host) throws UnknownHostException {
    assertEquals(InetAddress.getByName(host), Resolver.literal(host));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "1.2.3.256", "1.2.3", "1.2.3.4.5", "10", "a:b", "1.2.3.4."})
  void whatOnlyLooksLikeAnAddressIsAName(String host) {
    assertNull(Resolver.literal(host));
  }
}
