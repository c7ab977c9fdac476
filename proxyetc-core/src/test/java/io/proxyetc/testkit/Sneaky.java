package io.proxyetc.testkit;

/** Throws checked exceptions where none is declared, as languages do that have none. */
public final class Sneaky {
  private Sneaky() {}

  /** Throws this; what is returned is for {@code throw} only. */
  public static RuntimeException thrown(Throwable any) {
    return Sneaky.<RuntimeException>as(any);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E as(Throwable any) throws E {
    throw (E) any;
  }
}
