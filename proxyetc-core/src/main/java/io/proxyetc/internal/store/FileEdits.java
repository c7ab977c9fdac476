package io.proxyetc.internal.store;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What others write into the store's file: found, and taken over. Of the store's thread. */
final class FileEdits {
  private static final Logger LOG = LoggerFactory.getLogger(FileEdits.class);

  private final String name;
  private final FileWatch watch;
  private final FileHolding holding;

  /**
   * @param name of the store, for the log
   */
  FileEdits(String name, FileWatch watch, FileHolding holding) {
    this.name = name;
    this.watch = watch;
    this.holding = holding;
  }

  /** Takes over what somebody else wrote. */
  void look() throws IOException {
    FileWatch.Finding finding = watch.look();
    if (watch.problem().isPresent()) {
      holding.saveIfOutdated(); // the file may no longer hold what was acknowledged
    }
    switch (finding) {
      case EDITED -> holding.edited(watch.edited());
      case BROKEN -> broken(watch.problem().map(FileWatch.Problem::message).orElse(""));
      case HEALED -> {
        LOG.info("{}: the file is again as it was", name);
        holding.fileHealed();
      }
      default -> {}
    }
  }

  /** The file as a whole cannot be read: what is live stays live. */
  private void broken(String message) {
    LOG.error("{}: {}; the last good routes stay live", name, message);
    holding.fileFaulty(message);
  }

  /** It could not be looked at for a while: tells again what was found last. */
  void tellAgain() {
    watch
        .problem()
        .filter(FileWatch.Problem::settled)
        .ifPresentOrElse(problem -> holding.fileFaulty(problem.message()), holding::fileHealed);
  }

  /** Whether there is something that cannot be read. */
  boolean unreadable() {
    return watch.problem().isPresent();
  }

  /** Whether somebody may be in the middle of saving. */
  boolean unsettled() {
    return watch.problem().isPresent() && !watch.problem().get().settled();
  }
}
