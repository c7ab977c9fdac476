package io.proxyetc.testkit;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/**
 * Lists at the end of a run which tests, or whole classes, were skipped for want of a real peer.
 * Found by JUnit.
 */
public final class SkippedPeers implements TestWatcher, LifecycleMethodExecutionExceptionHandler {

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    add(context, "." + context.getDisplayName(), cause);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable cause)
      throws Throwable {
    if (cause instanceof TestAbortedException) {
      add(context, ", all of it", cause);
    }
    throw cause;
  }

  private static void add(ExtensionContext context, String what, Throwable cause) {
    context
        .getRoot()
        .getStore(Namespace.create(SkippedPeers.class))
        .computeIfAbsent(Summary.class, key -> new Summary(), Summary.class)
        .skipped
        .add(context.getRequiredTestClass().getSimpleName() + what + ": " + cause.getMessage());
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
