package io.proxyetc.internal.http.frames;

/**
 * The Huffman code of HPACK (RFC 7541, section 5.2 and appendix B). It is canonical, so the lengths
 * of the codes say all: shorter ones first, those of one length in the order of their symbols.
 */
final class Huffman {
  /** What {@link #decode} gives for bytes that are no text. */
  static final int MALFORMED = -1;

  private static final int END = 256; // the symbol that must not appear
  private static final int LONGEST = 30;
  private static final int FAST = 8; // codes up to here are looked up, and they are the common ones

  private static final int[] LENGTHS = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
    28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
    6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
    13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
    6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
    20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
    22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
    21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
    19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
    20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    30 // END
  };

  private static final int[] SYMBOLS = new int[LENGTHS.length]; // by code
  private static final int[] FIRST_CODE = new int[LONGEST + 1]; // of each length
  private static final int[] FIRST_SYMBOL = new int[LONGEST + 1]; // where it stands in SYMBOLS
  private static final int[] COUNT = new int[LONGEST + 1];
  private static final int[] SHORT = new int[1 << FAST]; // length and symbol by the next bits, or 0

  static {
    int code = 0;
    int symbols = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code <<= 1;
      FIRST_CODE[length] = code;
      FIRST_SYMBOL[length] = symbols;
      for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
        if (LENGTHS[symbol] == length) {
          SYMBOLS[symbols++] = symbol;
          lookUp(code++, length, symbol);
        }
      }
      COUNT[length] = symbols - FIRST_SYMBOL[length];
    }
  }

  private static void lookUp(int code, int length, int symbol) {
    if (length <= FAST) {
      int free = FAST - length;
      for (int rest = 0; rest < 1 << free; rest++) {
        SHORT[code << free | rest] = length << 8 | symbol;
      }
    }
  }

  private Huffman() {}

  /** How many bytes a text of so many encoded bytes can have at most. */
  static int mostDecoded(int encoded) {
    return encoded * 8 / 5;
  }

  /**
   * Decodes a text.
   *
   * @param at where it is put; there must be room
   * @return where it ends, or {@link #MALFORMED}
   */
  static int decode(byte[] in, int from, int to, byte[] out, int at) {
    long bits = 0; // the next ones, from the left
    int have = 0;
    int next = from;
    int end = at;
    for (; ; ) {
      while (have <= 56 && next < to) {
        bits |= (in[next++] & 0xffL) << 56 - have;
        have += 8;
      }
      int found = SHORT[(int) (bits >>> 64 - FAST)];
      if (found == 0) {
        found = longCode(bits);
      }
      int length = found >>> 8;
      if (length > have) {
        return padding(bits, have) ? end : MALFORMED;
      }
      if (found == (LONGEST << 8 | END)) {
        return MALFORMED;
      }
      out[end++] = (byte) found;
      bits <<= length;
      have -= length;
    }
  }

  private static int longCode(long bits) {
    int length = FAST + 1;
    int past = (int) (bits >>> 64 - length) - FIRST_CODE[length];
    while (past >= COUNT[length]) {
      length++;
      past = (int) (bits >>> 64 - length) - FIRST_CODE[length];
    }
    return length << 8 | SYMBOLS[FIRST_SYMBOL[length] + past];
  }

  /** What is left over is the beginning of the last code, and less than a byte. */
  private static boolean padding(long bits, int have) {
    return have < 8 && (int) (bits >>> 56) == (0xff00 >> have & 0xff);
  }
}
