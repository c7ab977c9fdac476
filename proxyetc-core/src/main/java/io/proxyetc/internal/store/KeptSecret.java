package io.proxyetc.internal.store;

import io.proxyetc.SessionSecret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A secret that the proxy makes for itself and keeps beside its routes, in a file that only its
 * owner may read. Blocks for the disk.
 */
public final class KeptSecret {
  private static final int BYTES = 32;

  private KeptSecret() {}

  /**
   * The secret beside a file of routes; made where it is missing.
   *
   * @throws IOException where it can be neither read nor made
   * @throws io.proxyetc.ProxyException where something else stands in its place
   */
  public static SessionSecret beside(Path routes) throws IOException {
    Path place = routes.toAbsolutePath();
    DiskFile file =
        new DiskFile(
            place.resolveSibling(place.getFileName() + ".session-secret"), FileBound.ofThisJvm());
    if (file.stamp().isEmpty()) {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      String text = HexFormat.of().formatHex(random) + "\n"; // text: to be given to other proxies
      // Where another process has made it meanwhile, it is that one which counts.
      file.replace(text.getBytes(StandardCharsets.US_ASCII), file.stamp());
    }
    return SessionSecret.file(file.path());
  }
}
