package io.proxyetc.internal.http.streams;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open streams of an HTTP/2 connection by their numbers, and which were closed lately. */
final class StreamTable<S extends StreamTable.Numbered> {
  /** What stands in the table. */
  interface Numbered {
    int id();
  }

  private static final int RECENT = 256;

  private @Nullable Numbered[] slots = new Numbered[16]; // probed linearly
  private int size;
  private int[] recent = new int[RECENT / 8]; // negative: closed by us: frames may be under way
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

  @SuppressWarnings("unchecked") // nothing else is put in
  @Nullable S get(int id) {
    for (int i = slot(id); ; i = i + 1 & slots.length - 1) {
      Numbered stream = slots[i];
      if (stream == null || stream.id() == id) {
        return (S) stream;
      }
    }
  }

  void put(S stream) {
    if (size * 2 >= slots.length) {
      grow();
    }
    insert(stream);
    size++;
  }

  private void insert(Numbered stream) {
    int i = slot(stream.id());
    while (slots[i] != null) {
      i = i + 1 & slots.length - 1;
    }
    slots[i] = stream;
  }

  private void grow() {
    @Nullable Numbered[] old = slots;
    slots = new Numbered[old.length * 2];
    for (Numbered stream : old) {
      if (stream != null) {
        insert(stream);
      }
    }
  }

  /** Removes a stream, and puts those behind it where they are found without it. */
  void remove(S gone) {
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
      Numbered stream = slots[j];
      slots[j] = null;
      if (stream != null) {
        insert(stream);
      }
    }
  }

  /** All that are open now. */
  @SuppressWarnings("unchecked") // nothing else is put in
  List<S> all() {
    List<S> all = new ArrayList<>(size);
    for (Numbered stream : slots) {
      if (stream != null) {
        all.add((S) stream);
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
    if (byUs && recent.length < RECENT) {
      recent = Arrays.copyOf(recent, RECENT); // few connections ever need so many
    }
    recent[oldest] = byUs ? -id : id;
    oldest = oldest + 1 & recent.length - 1;
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
