package io.proxyetc.internal.http.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
