package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class JvmHeapTest {

  @Test
  void addsGenerationsWithoutMetaspace() {
    String parallel =
        """
        4711:
         PSYoungGen      total 76288K, used 100K [0x1, 0x2, 0x3)
          eden space 65536K, 0% used [0x1,0x2,0x3)
         ParOldGen       total 175104K, used 2000K [0x1, 0x2, 0x3)
          object space 175104K, 1% used [0x1,0x2,0x3)
         Metaspace       used 18000K, committed 18500K, reserved 1114112K
        """;
    assertEquals(2100 * 1024, JvmHeap.parse(parallel));
  }

  @Test
  void readsOtherCollectors() {
    String g1 =
        """
         garbage-first heap   total 262144K, used 4096K [0x1, 0x2)
         Metaspace       used 18000K, committed 18500K, reserved 1114112K
        """;
    assertEquals(4096 * 1024, JvmHeap.parse(g1));
    assertThrows(BenchmarkException.class, () -> JvmHeap.parse("no such process"));
  }
}
