package io.proxyetc;

/**
 * A route that cannot be: the message starts with the path of the fault inside the route's
 * document, such as {@code route errzero: groups.blue.targets[0].url: 'htp://x' is no http or https
 * address}.
 */
public final class InvalidRouteException extends ProxyException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String fault;

  /**
   * @param path where in the document, such as {@code match.hosts[1]}; may be empty
   * @param fault what is wrong there and what to do
   */
  public InvalidRouteException(String path, String fault) {
    super(path.isEmpty() || path.endsWith(" ") ? path + fault : path + ": " + fault);
    this.path = path;
    this.fault = fault;
  }

  /** Where in the route's document the fault lies; empty for the document itself. */
  public String path() {
    return path;
  }

  /** What is wrong, without the path. */
  public String fault() {
    return fault;
  }

  /** The same fault seen from one level further out: {@code under("groups.blue")}. */
  public InvalidRouteException under(String prefix) {
    boolean joined = path.isEmpty() || path.startsWith("[") || prefix.endsWith(" ");
    return new InvalidRouteException(prefix + (joined ? "" : ".") + path, fault);
  }
}
