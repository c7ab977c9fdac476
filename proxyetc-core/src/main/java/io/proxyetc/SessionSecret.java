package io.proxyetc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Under which the cookies of sticky sessions are hashed: see {@link Session}. Proxies that share it
 * keep a client at the same target, whichever of them it comes to; who knows it can choose a target
 * of a route, and nothing more. It is never shown.
 */
public final class SessionSecret {
  /** How many bytes it has at least. */
  public static final int LEAST = 16;

  /** A longer one is nothing that was meant to be a secret. */
  private static final int MOST = 4096;

  private static final String REMEDY = "give random bytes, such as 'openssl rand -hex 32' makes";

  private final byte[] bytes;
  private final Optional<Path> file;

  private SessionSecret(byte[] bytes, Optional<Path> file) {
    this.bytes = bytes;
    this.file = file;
  }

  /**
   * These bytes, which should be random.
   *
   * @param secret 16 to 4,096 bytes; copied
   * @throws ProxyException where there are fewer or more
   */
  public static SessionSecret of(byte[] secret) {
    byte[] copy = Given.notNull("SessionSecret.of(…): the secret", secret, REMEDY).clone();
    fault(copy.length)
        .ifPresent(
            fault -> {
              throw new ProxyException("the session secret " + fault);
            });
    return new SessionSecret(copy, Optional.empty());
  }

  /**
   * What a file holds, but for line ends and blanks behind it; {@code openssl rand -hex 32} makes a
   * good one. Blocks for the disk; the file is read now and not again.
   *
   * @throws ProxyException where it cannot be read, or does not hold 16 to 4,096 bytes
   */
  public static SessionSecret file(Path file) {
    Given.notNull("SessionSecret.file(…): the file", file, "give the path of a file");
    try {
      byte[] content = read(file);
      Optional<String> fault = fault(content.length);
      if (fault.isPresent()) {
        throw new ProxyException("the session secret in " + file + " " + fault.get());
      }
      return new SessionSecret(content, Optional.of(file));
    } catch (IOException e) {
      throw new ProxyException(
          "the session secret cannot be read from " + file + ": " + reason(e), e);
    }
  }

  private static Optional<String> fault(int length) {
    if (length >= LEAST && length <= MOST) {
      return Optional.empty();
    }
    return Optional.of(
        "has "
            + (length > MOST ? "more than " + MOST : length + "")
            + " bytes, but it must have "
            + LEAST
            + " to "
            + MOST
            + ": "
            + REMEDY);
  }

  private static byte[] read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) { // to read a pipe would wait
      throw new IOException("it is no file");
    }
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MOST + 2); // one line end more than there may be
    }
    int length = content.length;
    while (length > 0 && content[length - 1] <= ' ' && content[length - 1] > 0) {
      length--;
    }
    return Arrays.copyOf(content, length);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file: correct the path";
    }
    if (e instanceof AccessDeniedException) {
      return "access denied: let this user read it";
    }
    @Nullable String message = e.getMessage();
    return message == null ? e.toString() : message;
  }

  /** A copy of the secret, for whoever hashes with it. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Where it comes from, and not what it is. */
  @Override
  public String toString() {
    return file.map(f -> "the session secret in " + f).orElse("a session secret");
  }
}
