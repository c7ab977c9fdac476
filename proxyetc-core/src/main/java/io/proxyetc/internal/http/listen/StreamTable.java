package io.proxyetc.internal.http.listen;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open streams of an HTTP/2 connection by their numbers, and which were closed lately. */
final class StreamTable {
  private static final int RECENT = 64;

  private @Nullable Http2Stream[] slots = new Http2Stream[16]; // probed linearly
  private int size;
  private final int[] recent =
      new int[RECENT]; // negative: closed by us, so frames may be under way
  private int oldest;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private int slot(int id) {
    return (id >>> 1) & slots.length - 1;
  }

  @Nullable Http2Stream get(int id) {
    for (int i = slot(id); ; i = i + 1 & slots.length - 1) {
      Http2Stream stream = slots[i];
      if (stream == null || stream.id() == id) {
        return stream;
      }
    }
  }

  void put(Http2Stream stream) {
    if (size * 2 >= slots.length) {
      grow();
    }
    insert(stream);
    size++;
  }

  private void insert(Http2Stream stream) {
    int i = slot(stream.id());
    while (slots[i] != null) {
      i = i + 1 & slots.length - 1;
    }
    slots[i] = stream;
  }

  private void grow() {
    @Nullable Http2Stream[] old = slots;
    slots = new Http2Stream[old.length * 2];
    for (Http2Stream stream : old) {
      if (stream != null) {
        insert(stream);
      }
    }
  }

  /** Removes a stream, and puts those behind it where they are found without it. */
  void remove(Http2Stream gone) {
    int i = slot(gone.id());
    while (slots[i] != gone) {
      if (slots[i] == null) {
        return;
      }
      i = i + 1 & slots.length - 1;
    }
    slots[i] = null;
    size--;
    for (int j = i + 1 & slots.length - 1; slots[j] != null; j = j + 1 & slots.length - 1) {
      Http2Stream stream = slots[j];
      slots[j] = null;
      if (stream != null) {
        insert(stream);
      }
    }
  }

  /** All that are open now. */
  List<Http2Stream> all() {
    List<Http2Stream> all = new ArrayList<>(size);
    for (Http2Stream stream : slots) {
      if (stream != null) {
        all.add(stream);
      }
    }
    return all;
  }

  /**
   * Notes that a stream is closed.
   *
   * @param byUs whether the client may not know of it yet
   */
  void closed(int id, boolean byUs) {
    recent[oldest] = byUs ? -id : id;
    oldest = oldest + 1 & RECENT - 1;
  }

  /** Whether a stream was closed lately, and the client knew. */
  boolean closedLately(int id) {
    return recently(id);
  }

  /** Whether we closed a stream lately, so that frames for it may have been under way. */
  boolean resetLately(int id) {
    return recently(-id);
  }

  private boolean recently(int entry) {
    for (int r : recent) {
      if (r == entry) {
        return true;
      }
    }
    return false;
  }
}
