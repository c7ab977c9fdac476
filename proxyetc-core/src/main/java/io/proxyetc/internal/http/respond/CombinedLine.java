package io.proxyetc.internal.http.respond;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The combined log format of web servers, with one more quoted field behind it: {@code "rt=0.012
 * target=10.0.0.1:8080 route=shop id=…"}.
 */
final class CombinedLine implements AccessLine {
  private final SecondsText time;

  CombinedLine(ZoneId zone) {
    time =
        new SecondsText(
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH), zone);
  }

  @Override
  public void append(AccessEntry entry, LineBuffer to) {
    value(to, entry.client()).ascii(" - - [").ascii(time.of(entry.epochMillis())).ascii("] \"");
    if (entry.method() == null) {
      to.ascii('-');
    } else {
      word(to, entry.method()).ascii(' ');
      word(to, entry.uri()).ascii(' ');
      word(to, entry.protocol());
    }
    to.ascii("\" ").number(entry.status()).ascii(' ').number(entry.bytes()).ascii(" \"");
    value(to, entry.referer()).ascii("\" \"");
    value(to, entry.userAgent()).ascii("\" \"rt=").seconds(entry.nanos()).ascii(" target=");
    word(to, entry.target()).ascii(" route=");
    word(to, entry.route()).ascii(" id=");
    word(to, entry.requestId()).ascii("\"\n");
  }

  private static LineBuffer value(LineBuffer to, @Nullable String text) {
    return text == null || text.isEmpty()
        ? to.ascii('-')
        : to.escaped(text, LineBuffer.Escape.BYTE, ' ');
  }

  /** Without spaces: in a field of several words nobody shall add one of his own. */
  private static LineBuffer word(LineBuffer to, @Nullable String text) {
    return text == null || text.isEmpty()
        ? to.ascii('-')
        : to.escaped(text, LineBuffer.Escape.BYTE, (char) (' ' + 1));
  }
}
