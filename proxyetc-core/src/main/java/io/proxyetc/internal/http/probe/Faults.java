package io.proxyetc.internal.http.probe;

import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What went wrong on a connection, in words for people. */
final class Faults {
  private static final int MAX_CAUSES = 20; // a chain of causes could be a ring
  private static final String ALERT = "Received fatal alert: ";

  private Faults() {}

  static String text(Throwable fault) {
    if (fault instanceof SSLException) {
      return "TLS: " + tls(fault);
    }
    String message = String.valueOf(fault.getMessage());
    if (fault instanceof SocketException || message.startsWith("Connection ")) {
      return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
    return message;
  }

  private static String tls(Throwable fault) {
    Throwable cause = fault;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (cause instanceof CertificateExpiredException) {
        return "certificate has expired";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "certificate is not valid yet";
      }
      if (cause instanceof CertPathBuilderException) {
        return "certificate is signed by nobody who is trusted";
      }
      if (cause instanceof CertificateException && cause.getCause() == null) {
        return "certificate does not fit: " + cause.getMessage();
      }
      cause = cause.getCause();
    }
    String message = String.valueOf(fault.getMessage());
    if (message.startsWith(ALERT)) {
      return "the target refused the handshake (" + message.substring(ALERT.length()) + ")";
    }
    return message.contains("nrecognized SSL message") ? "the target does not speak TLS" : message;
  }
}
