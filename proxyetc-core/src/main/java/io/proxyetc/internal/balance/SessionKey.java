package io.proxyetc.internal.balance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes what the cookies of sticky sessions hold: a hash of route, group and target under a secret,
 * so that nobody reads an address in it and nobody makes one up. Proxies with the same secret make
 * the same. Immutable; any thread but IO threads, as it computes.
 */
public final class SessionKey {
  /** Of a value, in ASCII characters: 144 bits in base64url. */
  static final int LENGTH = 24;

  private static final int BITS = LENGTH * 6;
  private static final String ALGORITHM = "HmacSHA256";

  /** What the secret is used for here: another use of it gives other hashes. */
  private static final String PURPOSE = "proxyetc session";

  private final SecretKeySpec secret;

  /**
   * @param secret not empty; copied
   */
  public SessionKey(byte[] secret) {
    this.secret = new SecretKeySpec(secret, ALGORITHM);
  }

  /** The value for a target: {@link #LENGTH} characters of base64url. */
  byte[] value(String route, String group, String target) {
    Mac mac = mac();
    for (String part : new String[] {PURPOSE, route, group, target}) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      // With its length in front, so that no two lists of parts look the same.
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      mac.update(bytes);
    }
    return Base64.getUrlEncoder().encode(Arrays.copyOf(mac.doFinal(), BITS / 8));
  }

  private Mac mac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
