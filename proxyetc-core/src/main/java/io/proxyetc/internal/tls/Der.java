package io.proxyetc.internal.tls;

import java.io.ByteArrayOutputStream;
import java.security.PublicKey;
import java.util.Arrays;

/** Just enough of DER to put an older private key into PKCS#8 (RFC 5958). */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;

  private Der() {}

  /**
   * Wraps a PKCS#1 or SEC1 key. Neither says reliably which algorithm and curve it is for; its
   * public key does, in the same form that PKCS#8 wants.
   *
   * @param owner the public key, from the certificate
   */
  static byte[] pkcs8(PublicKey owner, byte[] key) {
    return element(
        SEQUENCE,
        element(INTEGER, new byte[] {0}),
        algorithm(owner.getEncoded()),
        element(OCTET_STRING, key));
  }

  /** The first element within the SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). */
  private static byte[] algorithm(byte[] publicKeyInfo) {
    int start = 1 + lengthBytes(publicKeyInfo, 1);
    int end = start + 1 + lengthBytes(publicKeyInfo, start + 1) + length(publicKeyInfo, start + 1);
    return Arrays.copyOfRange(publicKeyInfo, start, end);
  }

  private static int lengthBytes(byte[] der, int at) {
    return (der[at] & 0x80) == 0 ? 1 : 1 + (der[at] & 0x7f);
  }

  private static int length(byte[] der, int at) {
    if ((der[at] & 0x80) == 0) {
      return der[at];
    }
    int length = 0;
    for (int i = 1; i <= (der[at] & 0x7f); i++) {
      length = length << 8 | (der[at + i] & 0xff);
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = Arrays.stream(contents).mapToInt(c -> c.length).sum();
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = (32 - Integer.numberOfLeadingZeros(length) + 7) / 8;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(length >>> (8 * i));
      }
    }
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }
}
