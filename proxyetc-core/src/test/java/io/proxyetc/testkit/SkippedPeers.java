package io.proxyetc.testkit;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/** Lists at the end of a run which tests were skipped for want of a real peer. Found by JUnit. */
public final class SkippedPeers implements TestWatcher {

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    context
        .getRoot()
        .getStore(Namespace.create(SkippedPeers.class))
        .computeIfAbsent(Summary.class, key -> new Summary(), Summary.class)
        .skipped
        .add(
            context.getRequiredTestClass().getSimpleName()
                + "."
                + context.getDisplayName()
                + ": "
                + cause.getMessage());
  }

  /** Lives as long as the run. */
  private static final class Summary implements AutoCloseable {
    private final Collection<String> skipped = new ConcurrentSkipListSet<>();

    @Override
    public void close() {
      System.out.println("Skipped, " + skipped.size() + " tests:");
      skipped.forEach(line -> System.out.println("  " + line));
    }
  }
}
