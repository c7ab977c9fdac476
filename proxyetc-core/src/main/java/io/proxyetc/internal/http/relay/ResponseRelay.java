package io.proxyetc.internal.http.relay;

import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a target's response for the client. Immutable; any IO thread. */
public final class ResponseRelay {
  private static final byte[] VIA = "Via".getBytes(StandardCharsets.US_ASCII);

  private final byte[] via;

  public ResponseRelay(String pseudonym) {
    via = ("1.1 " + pseudonym).getBytes(StandardCharsets.US_ASCII);
  }

  /** All fields but those of the hop. */
  public void write(HeadSink sink, Head head, @Nullable CompiledRules rules) {
    for (int i = 0; i < head.count(); i++) {
      if (!head.id(i).hopByHop()
          && !head.listedInConnection(i)
          && (rules == null || !rules.drops(head, i))) {
        sink.field(head, i);
      }
    }
    if (rules == null || !rules.drops("via")) {
      sink.field(VIA, via);
    }
    if (rules != null) {
      rules.write(sink);
    }
  }

  /** Whether a response of this status has a body at all (RFC 9112, section 6.3). */
  public static boolean bodyless(int status, boolean headRequest) {
    return headRequest || status == 204 || status == 304 || status < 200;
  }

  /** Whether the target keeps the connection open behind this response. */
  public static boolean keepsAlive(Head head) {
    return head.minorVersion == 1 ? !head.close : head.keepAlive && !head.close;
  }

  /** The protocol that a 101 switches to. */
  public static void writeUpgrade(HeadSink sink, Head head) {
    int i = head.find(FieldId.UPGRADE, 0);
    if (i >= 0) {
      sink.field(head, i);
    }
    sink.field(CONNECTION, UPGRADE);
  }

  private static final byte[] CONNECTION = "Connection".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UPGRADE = "Upgrade".getBytes(StandardCharsets.US_ASCII);
}
