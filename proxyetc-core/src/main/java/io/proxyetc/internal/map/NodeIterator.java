package io.proxyetc.internal.map;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/** Depth first: a node's entries, then its children. For one thread. */
final class NodeIterator<K, V> implements Iterator<Map.Entry<K, V>> {
  private final ArrayDeque<Node> ahead = new ArrayDeque<>();
  private Node node;
  private int next;

  NodeIterator(Node root) {
    node = root;
    enter(root);
  }

  @Override
  public boolean hasNext() {
    while (next == node.entryCount()) {
      if (ahead.isEmpty()) {
        return false;
      }
      enter(ahead.pop());
    }
    return true;
  }

  @Override
  @SuppressWarnings("unchecked") // only PersistentMap.with() puts entries in
  public Map.Entry<K, V> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int at = next++;
    return new SimpleImmutableEntry<>((K) node.key(at), (V) node.value(at));
  }

  private void enter(Node newNode) {
    node = newNode;
    next = 0;
    int count = newNode.childCount();
    for (int i = 0; i < count; i++) {
      ahead.push(newNode.child(i, count));
    }
  }
}
