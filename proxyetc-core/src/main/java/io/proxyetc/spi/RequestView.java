package io.proxyetc.spi;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request as a balancer sees it: valid only during the call. Methods that give a String allocate
 * it.
 */
public interface RequestView {
  /** The method, such as {@code GET}. */
  String method();

  /** The path in normal form, without query. */
  String path();

  /** The first value of a header field, whatever the name's case; null where there is none. */
  @Nullable String header(String name);

  /** The index that the attempt before this one was given; -1 at the first attempt. */
  int previous();

  /** The client's address; that of the nearest untrusted peer where trusted ones named it. */
  InetAddress client();
}
