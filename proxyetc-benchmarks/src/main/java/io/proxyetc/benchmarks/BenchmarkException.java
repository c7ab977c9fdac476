package io.proxyetc.benchmarks;

/** A measurement that cannot go on; its message names the thing, the fault and the remedy. */
final class BenchmarkException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BenchmarkException(String message) {
    super(message);
  }

  BenchmarkException(String message, Throwable cause) {
    super(message, cause);
  }
}
