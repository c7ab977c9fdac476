package io.proxyetc.internal.http.relay;

import io.proxyetc.HeaderRules;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A route's header rules, ready to be written. Immutable. */
public final class CompiledRules {
  private final String[] dropped; // names that do not pass: removed or set
  private final byte[][] names;
  private final byte[][] values;

  private CompiledRules(HeaderRules rules) {
    List<String> drop = new ArrayList<>(rules.remove());
    drop.addAll(rules.set().keySet());
    dropped = drop.toArray(String[]::new);
    List<Map.Entry<String, String>> fields = new ArrayList<>(rules.set().entrySet());
    fields.addAll(rules.add().entrySet());
    names = fields.stream().map(e -> latin1(e.getKey())).toArray(byte[][]::new);
    values = fields.stream().map(e -> latin1(e.getValue())).toArray(byte[][]::new);
  }

  /** Null stands for no rules. */
  public static @Nullable CompiledRules of(HeaderRules rules) {
    return rules.isEmpty() ? null : new CompiledRules(rules);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  boolean drops(Head head, int i) {
    for (String name : dropped) {
      if (head.equalsIgnoreCase(head.nameFrom(i), head.nameTo(i), name)) {
        return true;
      }
    }
    return false;
  }

  boolean drops(String name) {
    for (String d : dropped) {
      if (d.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  void write(HeadSink sink) {
    for (int i = 0; i < names.length; i++) {
      sink.field(names[i], values[i]);
    }
  }
}
