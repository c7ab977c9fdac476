package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import java.util.Arrays;

/**
 * What single fields say about framing and the connection (RFC 9110, section 8.6; RFC 9112, section
 * 6).
 */
final class FramingFields {
  private FramingFields() {}

  static HeadFault read(Head head, FieldId id, int from, int to, HeadParser.Kind kind) {
    if (kind == HeadParser.Kind.TRAILERS) {
      return HeadFault.NONE; // trailers frame nothing; those that would are dropped on the way
    }
    return switch (id) {
      case CONTENT_LENGTH -> contentLength(head, from, to);
      case TRANSFER_ENCODING -> transferEncoding(head, from, to);
      case CONNECTION -> connection(head, from, to);
      case HOST -> kind == HeadParser.Kind.REQUEST ? host(head, from, to) : HeadFault.NONE;
      case EXPECT -> kind == HeadParser.Kind.REQUEST ? expect(head, from, to) : HeadFault.NONE;
      default -> HeadFault.NONE;
    };
  }

  private static HeadFault contentLength(Head head, int from, int to) {
    if (from == to) {
      return HeadFault.CONTENT_LENGTH;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = head.bytes[i] - '0';
      if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
        return HeadFault.CONTENT_LENGTH;
      }
      value = value * 10 + digit;
    }
    if (head.contentLength >= 0 && !sameAsFirst(head, from, to)) {
      return HeadFault.CONTENT_LENGTHS;
    }
    head.contentLength = value;
    return HeadFault.NONE;
  }

  /** The same to the digit: whoever reads 05 otherwise than 5 must not get both. */
  private static boolean sameAsFirst(Head head, int from, int to) {
    int first = head.find(FieldId.CONTENT_LENGTH, 0);
    int at = head.valueFrom(first);
    return Arrays.equals(head.bytes, at, head.valueTo(first), head.bytes, from, to);
  }

  private static HeadFault transferEncoding(Head head, int from, int to) {
    if (head.chunked) {
      return HeadFault.TRANSFER_ENCODING; // doubled
    }
    if (head.equalsIgnoreCase(from, to, "chunked")) {
      head.chunked = true;
      return HeadFault.NONE;
    }
    return unknownCoding(head, from, to);
  }

  /**
   * A well-formed list of codings with one that is not ours is unknown; anything else (chunked not
   * last or twice, empty members, odd bytes) is an attempt to hide one.
   */
  private static HeadFault unknownCoding(Head head, int from, int to) {
    boolean chunked = false;
    for (int i = from; i <= to; i++) {
      int start = i;
      while (i < to && head.bytes[i] != ',') {
        i++;
      }
      int end = i;
      while (start < end && blank(head.bytes[start])) {
        start++;
      }
      while (end > start && blank(head.bytes[end - 1])) {
        end--;
      }
      if (chunked || !token(head, start, end)) {
        return HeadFault.TRANSFER_ENCODING;
      }
      chunked = head.equalsIgnoreCase(start, end, "chunked");
    }
    return HeadFault.TRANSFER_ENCODING_UNKNOWN;
  }

  private static boolean token(Head head, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!HeadParser.TOKEN[head.bytes[i] & 0xff]) {
        return false;
      }
    }
    return from < to;
  }

  private static HeadFault connection(Head head, int from, int to) {
    int i = from;
    while (i < to) {
      int start = i;
      while (i < to && head.bytes[i] != ',') {
        i++;
      }
      int end = i;
      while (start < end && blank(head.bytes[start])) {
        start++;
      }
      while (end > start && blank(head.bytes[end - 1])) {
        end--;
      }
      if (head.equalsIgnoreCase(start, end, "close")) {
        head.close = true;
      } else if (head.equalsIgnoreCase(start, end, "keep-alive")) {
        head.keepAlive = true;
      } else if (head.equalsIgnoreCase(start, end, "upgrade")) {
        head.upgrade = true;
      } else if (start < end) {
        head.connectionNames = true;
      }
      i++;
    }
    return HeadFault.NONE;
  }

  private static boolean blank(int c) {
    return c == ' ' || c == '\t';
  }

  private static HeadFault host(Head head, int from, int to) {
    if (head.find(FieldId.HOST, 0) != head.count() - 1) {
      return HeadFault.HOST_TWICE;
    }
    if (head.hostFrom
        == 0) { // else the request target named it, and wins (RFC 9112, section 3.2.2)
      head.hostFrom = from;
      head.hostTo = to;
      return HeadFault.NONE;
    }
    return HostRules.valid(head, from, to) ? HeadFault.NONE : HeadFault.HOST;
  }

  private static HeadFault expect(Head head, int from, int to) {
    if (!head.equalsIgnoreCase(from, to, "100-continue")) {
      return HeadFault.EXPECT;
    }
    head.expectContinue = true;
    return HeadFault.NONE;
  }
}
