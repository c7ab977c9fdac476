package io.proxyetc.internal.http.frames;

/** Numbers of RFC 9113: frame types, flags, settings. */
public final class Frames {
  /** What every frame begins with, in bytes. */
  public static final int HEADER = 9;

  /** The payload that every peer takes, and the largest that we take or send. */
  public static final int MAX_PAYLOAD = 16 * 1024;

  /** The window of a connection, and of a stream unless its settings say otherwise. */
  public static final int DEFAULT_WINDOW = 65_535;

  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;
  public static final int PADDED = 8;
  public static final int WITH_PRIORITY = 0x20;

  public static final int SETTINGS_HEADER_TABLE_SIZE = 1;
  public static final int SETTINGS_ENABLE_PUSH = 2;
  public static final int SETTINGS_MAX_CONCURRENT_STREAMS = 3;
  public static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;
  public static final int SETTINGS_MAX_FRAME_SIZE = 5;
  public static final int SETTINGS_MAX_HEADER_LIST_SIZE = 6;

  private Frames() {}

  /** Four bytes as a number. */
  public static int int32(byte[] b, int at) {
    return (b[at] & 0xff) << 24
        | (b[at + 1] & 0xff) << 16
        | (b[at + 2] & 0xff) << 8
        | (b[at + 3] & 0xff);
  }

  /** Four bytes as a number, without the reserved first bit. */
  public static int int31(byte[] b, int at) {
    return int32(b, at) & 0x7fffffff;
  }
}
