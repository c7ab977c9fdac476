package io.proxyetc.internal.map;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash map: {@link #with} and {@link #without} give a new map that shares all but a
 * handful of nodes with the old one, so that one change among 100,000 entries costs about a
 * microsecond. Keys and values are never null. The order of iteration is that of the hashes.
 *
 * <p>The methods of {@link Map} that would change it throw {@link UnsupportedOperationException}.
 */
public final class PersistentMap<K, V> extends AbstractMap<K, V> {
  private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(Node.EMPTY, 0);

  private final Node root;
  private final int size;

  private PersistentMap(Node root, int size) {
    this.root = root;
    this.size = size;
  }

  /** The map without entries. */
  @SuppressWarnings("unchecked") // it holds nothing of either type
  public static <K, V> PersistentMap<K, V> empty() {
    return (PersistentMap<K, V>) EMPTY;
  }

  /** A map of the same entries; the same map if it is one of these. */
  public static <K, V> PersistentMap<K, V> copyOf(Map<K, V> map) {
    if (map instanceof PersistentMap<K, V> persistent) {
      return persistent;
    }
    PersistentMap<K, V> copy = empty();
    for (Map.Entry<K, V> entry : map.entrySet()) {
      copy = copy.with(entry.getKey(), entry.getValue());
    }
    return copy;
  }

  /** This map with one entry added or replaced; itself if it holds that very value already. */
  public PersistentMap<K, V> with(K key, V value) {
    int hash = Node.mix(key.hashCode());
    boolean isNew = root.get(key, hash) == null;
    Node newRoot = root.with(key, value, hash, 0);
    return newRoot == root ? this : new PersistentMap<>(newRoot, isNew ? size + 1 : size);
  }

  /** This map without one entry; itself if there was none. */
  public PersistentMap<K, V> without(K key) {
    Node newRoot = root.without(key, Node.mix(key.hashCode()), 0);
    if (newRoot == root) {
      return this;
    }
    return size == 1 ? empty() : new PersistentMap<>(newRoot, size - 1);
  }

  @Override
  @SuppressWarnings("unchecked") // only with() puts values in
  public @Nullable V get(@Nullable Object key) {
    return key == null ? null : (V) root.get(key, Node.mix(key.hashCode()));
  }

  /**
   * The value of the String key that consists of these Latin-1 bytes, found without making a
   * String.
   *
   * @param hash what {@link String#hashCode} would give for them: {@code 31 * hash + byte} for each
   *     byte, unsigned, from 0
   */
  @SuppressWarnings("unchecked") // only with() puts values in
  public @Nullable V getLatin1(byte[] bytes, int from, int to, int hash) {
    return (V) root.getLatin1(bytes, from, to, Node.mix(hash));
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Set<Map.Entry<K, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<K, V>> iterator() {
        return new NodeIterator<>(root);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }
}
