package io.proxyetc.internal.store;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.Route;
import io.proxyetc.RouteFile;
import io.proxyetc.RouteJson;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices when somebody else changes the file. Looks at the stamp first, at the content only when
 * the stamp has changed or did so a moment ago: two edits within one tick of the file system's
 * clock have the same stamp.
 *
 * <pre>
 *            good text                     good text (EDITED), or the known one again (HEALED)
 *   known ─────────────► EDITED ─► known ◄──────────────────────────────────────┐
 *     │ a text that cannot be read, or none                                     │
 *     └──────────► unsettled ── the same for {@link #SETTLE} (BROKEN, once) ──► settled
 * </pre>
 *
 * <p>A broken text is at first taken for one that is half saved. For one thread.
 */
final class FileWatch {
  /** How long a broken text must stay as it is to be taken for final. */
  static final Duration SETTLE = Duration.ofSeconds(1);

  /** How many looks after a change read the content though the stamp is the same. */
  private static final int REREADS = 4;

  private final DiskFile file;
  private final FileBound bound;
  private final LongSupplier nanoTime;
  private Optional<DiskFile.Stamp> stamp = Optional.empty();
  private String known = "";
  private int rereads = REREADS;
  private @Nullable Problem problem;
  private @Nullable RouteFile edited;

  /** Whether somebody was told of a problem, and not yet that it is over. */
  private boolean told;

  FileWatch(DiskFile file, FileBound bound, LongSupplier nanoTime) {
    this.file = file;
    this.bound = bound;
    this.nanoTime = nanoTime;
  }

  /** What a look has found. */
  enum Finding {
    /** Nothing new. */
    NOTHING,
    /** Somebody wrote a text that can be read: {@link #edited}. */
    EDITED,
    /** Somebody left a text that cannot be read: {@link #problem}. */
    BROKEN,
    /** The file is again what it was before it was broken. */
    HEALED
  }

  /**
   * A text that cannot be used.
   *
   * @param hash tells it from others
   * @param settled whether it is taken for final
   */
  record Problem(String hash, String message, long since, boolean settled) {}

  /** Looks, and says what is new. */
  Finding look() throws IOException {
    try {
      return lookAtFile();
    } catch (UnusableFile e) {
      stamp = Optional.empty();
      rereads = REREADS;
      return problem("unusable: " + e.getReason(), "the file " + e.getReason());
    }
  }

  private Finding lookAtFile() throws IOException {
    Optional<DiskFile.Stamp> now = file.stamp();
    if (!now.equals(stamp)) {
      rereads = REREADS;
    } else if (rereads > 0) {
      rereads--;
    } else {
      return settle();
    }
    Optional<DiskFile.Content> content = file.read();
    stamp = content.map(DiskFile.Content::stamp);
    String hash = content.map(c -> hash(c.bytes())).orElse("no file");
    if (hash.equals(known)) {
      problem = null;
      boolean healed = told;
      told = false;
      return healed ? Finding.HEALED : Finding.NOTHING;
    }
    return judge(hash, content.map(DiskFile.Content::bytes).orElse(null));
  }

  private Finding judge(String hash, byte @Nullable [] text) {
    if (problem != null && problem.hash().equals(hash)) {
      return settle(); // no need to read it again
    }
    try {
      edited = parse(text);
      known = hash;
      problem = null;
      told = false;
      return Finding.EDITED;
    } catch (InvalidRouteException e) {
      return problem(hash, e.getMessage());
    }
  }

  private Finding problem(String hash, String message) {
    if (problem != null && problem.hash().equals(hash)) {
      return settle();
    }
    problem = new Problem(hash, message, nanoTime.getAsLong(), false);
    return Finding.NOTHING;
  }

  private Finding settle() {
    Problem p = problem;
    if (p == null || p.settled() || nanoTime.getAsLong() - p.since() < SETTLE.toNanos()) {
      return Finding.NOTHING;
    }
    problem = new Problem(p.hash(), p.message(), p.since(), true);
    told = true;
    return Finding.BROKEN;
  }

  /** What the last {@link Finding#EDITED} has found. */
  RouteFile edited() {
    return java.util.Objects.requireNonNull(edited);
  }

  /** What is wrong with the text that stands there. */
  Optional<Problem> problem() {
    return Optional.ofNullable(problem);
  }

  /** The stamp at the last look. */
  Optional<DiskFile.Stamp> stamp() {
    return stamp;
  }

  /** This text is the one that the store's routes stand for. */
  void knows(byte[] text, Optional<DiskFile.Stamp> newStamp) {
    known = hash(text);
    stamp = newStamp;
    problem = null;
    told = false;
    rereads = REREADS;
  }

  /** The file holds this broken text, and everybody knows. */
  void startsBroken(DiskFile.Content content, String message) {
    String hash = hash(content.bytes());
    startsWith(hash, message);
    stamp = Optional.of(content.stamp());
  }

  /** What stands in the file's place is none, and everybody knows. */
  void startsUnusable(UnusableFile e) {
    startsWith("unusable: " + e.getReason(), "the file " + e.getReason());
  }

  private void startsWith(String hash, String message) {
    problem = new Problem(hash, message, nanoTime.getAsLong(), true);
    told = true;
  }

  /**
   * Reads a text as a whole; a route without a readable id makes it unusable as a whole. Relative
   * names in it start from its directory: whoever writes them by hand sees no other.
   */
  RouteFile parse(byte @Nullable [] text) {
    if (text == null) {
      throw new InvalidRouteException(
          "", "the file is gone; put it back, or change a route to have it made anew");
    }
    bound
        .excess(text)
        .ifPresent(
            fault -> {
              throw new InvalidRouteException("", fault);
            });
    RouteFile routes = RouteJson.parseFile(Texts.decode(text));
    for (RouteFile.Fault fault : routes.faults()) {
      if (fault.id().isEmpty()) {
        throw new InvalidRouteException(
            "", fault + " (without its id nobody knows which route this replaces)");
      }
    }
    return new RouteFile(
        routes.revision(),
        routes.routes().stream().map(this::resolved).toList(),
        routes.revisions(),
        routes.faults(),
        routes.untouched());
  }

  private Route resolved(Route route) {
    @Nullable Path directory = file.path().getParent();
    return directory == null ? route : route.filesFrom(directory);
  }

  private static String hash(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM knows SHA-256", e);
    }
  }
}
