package io.proxyetc.internal.http.loop;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The JDK's own TLS client, on a blocking socket. */
final class TlsPeer implements AutoCloseable {
  final SSLSocket socket;

  private TlsPeer(SSLSocket socket) {
    this.socket = socket;
  }

  /** Connects with the handshake done, asking for a name. */
  static TlsPeer connect(
      SSLContext context, int port, String name, Consumer<SSLParameters> settings)
      throws IOException {
    return over(new Socket("127.0.0.1", port), context, name, settings);
  }

  /** The same over a plain connection that is there already. */
  static TlsPeer over(
      Socket plain, SSLContext context, String name, Consumer<SSLParameters> settings)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, name, plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(name)));
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    settings.accept(parameters);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(10_000);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return new TlsPeer(socket);
  }

  static TlsPeer connect(SSLContext context, int port, String name) throws IOException {
    return connect(context, port, name, parameters -> {});
  }

  X509Certificate certificate() throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  void send(String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Asks for a body of a size, and gives the size of what came. */
  int get(int size) throws IOException {
    send("GET /" + size + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return body();
  }

  /** Reads an answer. */
  int body() throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the answer ends after " + head);
      }
      head.write(next);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    int length = Integer.parseInt(text.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
    return in.readNBytes(length).length;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
