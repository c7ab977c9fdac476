package io.proxyetc;

/**
 * How the matched path prefix is changed before the request goes to the target. With the route's
 * path {@code /app}, {@code /app/x} becomes {@code /x} when stripped and {@code /v2/x} when
 * replaced by {@code /v2}.
 *
 * @param replacement what stands in place of the route's path prefix: {@code "/"} strips it
 */
public record PathRule(String replacement) {
  public PathRule {
    replacement = Match.normalPath("replace", replacement);
  }

  /** Removes the route's path prefix. */
  public static PathRule strip() {
    return new PathRule("/");
  }

  /** Puts another prefix in the place of the route's. */
  public static PathRule replace(String prefix) {
    return new PathRule(prefix);
  }
}
