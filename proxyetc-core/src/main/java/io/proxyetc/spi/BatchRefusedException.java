package io.proxyetc.spi;

/** A batch was refused, and would be again: {@link BatchingNotifier} does not try once more. */
public class BatchRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * What is wrong and what to do.
   *
   * @param message without secrets: it is logged
   */
  public BatchRefusedException(String message) {
    super(message);
  }
}
