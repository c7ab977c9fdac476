package io.proxyetc;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A certificate, a key or a trust file that cannot be used: the message starts with the file. */
public final class TlsFileException extends ProxyException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;

  /**
   * @param file as it was given
   * @param fault what is wrong with it and what to do
   */
  public TlsFileException(Path file, String fault, @Nullable Throwable cause) {
    super(file + ": " + fault, cause);
    this.file = file;
  }

  public Path file() {
    return file;
  }
}
