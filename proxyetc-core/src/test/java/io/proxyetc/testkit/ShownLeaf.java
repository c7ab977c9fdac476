package io.proxyetc.testkit;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The certificate that a server shows, and may exchange for another one: sessions go on, as they do
 * when a certificate expires.
 */
public final class ShownLeaf extends X509ExtendedKeyManager {
  private final TestCertificates ca;
  private volatile X509ExtendedKeyManager now;

  public ShownLeaf(TestCertificates ca, TestCertificates.Leaf first) {
    this.ca = ca;
    this.now = load(first);
  }

  /** From now on this one is shown. */
  public void change(TestCertificates.Leaf other) {
    now = load(other);
  }

  private X509ExtendedKeyManager load(TestCertificates.Leaf leaf) {
    return (X509ExtendedKeyManager) ca.keyManagers(leaf)[0];
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return now.chooseEngineServerAlias(type, issuers, engine);
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return now.chooseServerAlias(type, issuers, socket);
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return now.chooseClientAlias(types, issuers, socket);
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return now.getServerAliases(type, issuers);
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return now.getClientAliases(type, issuers);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return now.getCertificateChain(alias);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return now.getPrivateKey(alias);
  }
}
