package io.proxyetc.internal.balance;

import java.net.InetAddress;

/** A request in a test. */
record Asked(int previous, long clientHash, long pathHash, long header, long cookie)
    implements HashView {
  /** The n-th of many requests that differ in all they say. */
  static Asked number(int n) {
    long hash = Hash64.of("request " + n);
    return new Asked(-1, hash, hash + 1, hash + 2, hash + 3);
  }

  /** The same request, when its attempt was given that index. */
  Asked after(int index) {
    return new Asked(index, clientHash, pathHash, header, cookie);
  }

  @Override
  public long headerHash(String lowerCaseName) {
    return lowerCaseName.equals("x-user") ? header : 0;
  }

  @Override
  public long cookieHash(String name) {
    return name.equals("user") ? cookie : 0;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    throw new AssertionError("a String was asked for");
  }

  @Override
  public String header(String name) {
    throw new AssertionError("a String was asked for");
  }

  @Override
  public InetAddress client() {
    throw new AssertionError("an address was asked for");
  }
}
