package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.StoredRoute;
import io.proxyetc.testkit.StoreRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A running file store, what it told, and the hands that edit its file. */
final class FileRig implements AutoCloseable {
  final Path file;
  final StoreRecorder heard = new StoreRecorder();
  private final FileRouteStore store;

  FileRig(Path file) {
    this(file, FileBound.ofThisJvm());
  }

  FileRig(Path file, FileBound bound) {
    this.file = file;
    store = new FileRouteStore(file, bound);
    store.start(heard);
    heard.awaitFirst();
  }

  /** A route to one target, as a line of JSON. */
  static String line(String id, String url) {
    return "{\"id\": \""
        + id
        + "\", \"match\": {\"hosts\": [\""
        + id
        + "\"]}, \"to\": [\""
        + url
        + "\"]}";
  }

  static Route route(String id, String url) {
    return Route.builder(id).host(id).to(url).build();
  }

  static String file(String... lines) {
    return "{\"routes\": [\n" + String.join(",\n", lines) + "\n]}\n";
  }

  CompletableFuture<Long> apply(RouteChange.Edit... edits) {
    return store.apply(RouteChange.of("test", edits)).toCompletableFuture();
  }

  long put(String id, String url) {
    return await(apply(RouteChange.Edit.put(route(id, url))));
  }

  static long await(CompletableFuture<Long> change) {
    try {
      return change.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw assertInstanceOf(ProxyException.class, e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("the store does not answer", e);
    }
  }

  /** As an editor that writes the file in place. */
  void edit(String text) {
    write(file, text);
  }

  /** As an editor that writes another file and renames it. */
  void replace(String text) {
    Path other = file.resolveSibling("editor.tmp");
    write(other, text);
    try {
      Files.move(other, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    return read(file);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file beside the store's own. */
  Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  List<String> names() {
    try (Stream<Path> files = Files.list(Objects.requireNonNull(file.getParent()))) {
      return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The target of a route in the newest snapshot; empty if there is no such route. */
  String target(String id) {
    StoredRoute stored = heard.last().routes().get(id);
    return stored == null ? "" : stored.route().groups().get("default").targets().get(0).url();
  }

  long revision(String id) {
    StoredRoute stored = heard.last().routes().get(id);
    return stored == null ? 0 : stored.revision();
  }

  @Override
  public void close() {
    store.close();
    heard.snapshots();
  }
}
