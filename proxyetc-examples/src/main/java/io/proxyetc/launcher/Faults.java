package io.proxyetc.launcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers the faults of one text, so that all are shown at once. For one thread. */
final class Faults {
  private final String text;
  private final List<Fault> found = new ArrayList<>();

  Faults(String text) {
    this.text = text;
  }

  /** Notes a fault at an offset of the text. */
  void add(int at, String path, String message) {
    found.add(place(at, path).fault(message));
  }

  /** Which line and column an offset of the text is. */
  Place place(int at, String path) {
    int line = 1;
    int start = 0;
    for (int i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) {
      line++;
      start = i + 1;
    }
    int column = text.codePointCount(start, Math.max(start, at)) + 1;
    return new Place(line, column, path);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** In the order of the text. */
  List<Fault> list() {
    return found.stream()
        .sorted(Comparator.comparingInt(Fault::line).thenComparingInt(Fault::column))
        .toList();
  }
}
