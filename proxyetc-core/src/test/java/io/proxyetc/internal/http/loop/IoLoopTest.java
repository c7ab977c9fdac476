package io.proxyetc.internal.http.loop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

class IoLoopTest {
  /** A name is resolved, say, when the proxy that wanted to know is closed already. */
  @Test
  void whatComesTooLateForAThreadIsLeft() throws Exception {
    XnioWorker worker =
        Xnio.getInstance("nio")
            .createWorker(OptionMap.builder().set(Options.WORKER_IO_THREADS, 1).getMap());
    IoLoop loop = new Loops(worker, new BufferBudget(1 << 20), 7).all().get(0);
    worker.shutdownNow();
    assertTrue(worker.awaitTermination(10, TimeUnit.SECONDS));
    assertDoesNotThrow(() -> loop.execute(() -> {}));
  }
}
