package io.proxyetc.launcher;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/** Lists at the end of a run which tests were skipped, and for want of what. Found by JUnit. */
public final class SkippedTests implements TestWatcher {
  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    String test = context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName();
    context
        .getRoot()
        .getStore(Namespace.create(SkippedTests.class))
        .computeIfAbsent(Summary.class, key -> new Summary(), Summary.class)
        .skipped
        .add(test + ": " + cause.getMessage());
  }

  /** Lives as long as the run. */
  private static final class Summary implements AutoCloseable {
    private final Collection<String> skipped = new ConcurrentSkipListSet<>();

    @Override
    public void close() {
      System.out.println("Skipped, " + skipped.size() + " in all:");
      skipped.forEach(line -> System.out.println("  " + line));
    }
  }
}
