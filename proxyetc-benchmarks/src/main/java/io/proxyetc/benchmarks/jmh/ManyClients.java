package io.proxyetc.benchmarks.jmh;

import io.proxyetc.internal.balance.Hash64;
import io.proxyetc.internal.balance.HashView;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Requests of 1,024 clients in turn: one object, which is each of them for a moment. */
@State(Scope.Thread)
public class ManyClients implements HashView {
  private static final int CLIENTS = 1_024;

  private final byte[][] addresses = new byte[CLIENTS][];
  private int client;

  public ManyClients() {
    for (int i = 0; i < CLIENTS; i++) {
      addresses[i] = ("192.168." + i / 256 + "." + i % 256).getBytes(StandardCharsets.US_ASCII);
    }
  }

  HashView next() {
    client = (client + 1) % CLIENTS;
    return this;
  }

  @Override
  public long clientHash() {
    byte[] address = addresses[client];
    return Hash64.of(address, 0, address.length);
  }

  @Override
  public long pathHash() {
    return 1;
  }

  @Override
  public long headerHash(String lowerCaseName) {
    return 0;
  }

  @Override
  public long cookieHash(String name) {
    return 0;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String path() {
    return "/";
  }

  @Override
  public @Nullable String header(String name) {
    return null;
  }

  @Override
  public int previous() {
    return -1;
  }

  @Override
  public InetAddress client() {
    return InetAddress.getLoopbackAddress();
  }
}
