package io.proxyetc.internal.store;

import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Writes to a file store as fast as it goes until it is killed: each change raises the number in
 * the targets of two routes. Prints {@code key number} for each change that was acknowledged.
 */
final class KilledWriter {
  private static final int KEYS = 5;

  private KilledWriter() {}

  /** Arguments: the file, and the first number. */
  public static void main(String[] args) throws InterruptedException {
    FileRouteStore store = new FileRouteStore(Path.of(args[0]));
    store.start(
        new RouteStore.StoreListener() {
          @Override
          public void onSnapshot(RouteSnapshot snapshot) {}

          @Override
          public void onState(RouteStore.State state, String detail) {}
        });
    Semaphore outstanding = new Semaphore(8);
    for (int number = Integer.parseInt(args[1]); ; number++) {
      outstanding.acquire();
      int key = number % KEYS;
      String acknowledgement = key + " " + number;
      store
          .apply(
              new RouteChange(List.of(edit("k" + key, number), edit("twin" + key, number)), "", ""))
          .whenComplete(
              (revision, fault) -> {
                System.out.println(fault == null ? acknowledgement : "fault " + fault);
                outstanding.release();
              });
    }
  }

  private static Edit edit(String id, int number) {
    return Edit.put(FileRig.route(id, "http://n" + number));
  }
}
