package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.RouteStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Routes in one JSON file, changed by this store and by hand. One thread does all: it writes the
 * changes that wait as one new file (temporary file, fsync, rename, fsync of the directory), and
 * looks twice a second whether somebody else changed it.
 *
 * <p>Beside {@code routes.json} stand {@code routes.json.lock} (see {@link StoreLock}), {@code
 * routes.json.last-good} (written when the store is quiet, closes, or takes an edit by hand; needed
 * when the file itself is broken while nobody runs) and {@code routes.json.broken-1} and so on (see
 * {@link BrokenCopies}). An edit by hand is never written back: editors do not like it. Its
 * revision is kept in the last good copy alone.
 */
public final class FileRouteStore implements RouteStore {
  private final Path path;
  private final String name;
  private final FileBound bound;
  private final ChangeQueue queue;
  private final StoreThread thread = new StoreThread("proxyetc-store-file");

  private boolean started; // guarded by this

  public FileRouteStore(Path path) {
    this(path, FileBound.ofThisJvm());
  }

  FileRouteStore(Path path, FileBound bound) {
    this.bound = bound;
    this.path = path.toAbsolutePath().normalize();
    name = "file store " + this.path;
    queue = new ChangeQueue(name);
  }

  /** The file, absolute. */
  public Path path() {
    return path;
  }

  @Override
  public synchronized void start(StoreListener listener) {
    if (started) {
      throw new ProxyException(name + ": a store is started once; make another one");
    }
    FileStoreWork opened = new FileStoreWork(path, bound, queue, new Delivery(listener));
    started = true;
    queue.open();
    thread.start(opened::run);
  }

  @Override
  public CompletionStage<Long> apply(RouteChange change) {
    return queue.add(absolute(change));
  }

  /** Relative names start from the working directory where a route does not come from the file. */
  private static RouteChange absolute(RouteChange change) {
    List<Edit> edits = change.edits().stream().map(FileRouteStore::absolute).toList();
    return new RouteChange(edits, change.author(), change.reason());
  }

  private static Edit absolute(Edit edit) {
    return edit instanceof Edit.Put put
        ? new Edit.Put(put.route().filesFrom(Path.of("")), put.expected())
        : edit;
  }

  @Override
  public String describe() {
    return FileStoreWork.fileKey(path);
  }

  @Override
  public void close() {
    queue.close();
    thread.join();
  }
}
