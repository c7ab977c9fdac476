package io.proxyetc.internal.http.probe;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.health.Prober;
import io.proxyetc.internal.http.connect.Resolver;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One probe on a connection of its own.
 *
 * <pre>{@code
 * NAME --> CONNECT (next address after a failure) --> [HANDSHAKE] --> ANSWER --> OVER
 *    \_____________\__________ failed, given up _________\____________\_________/
 * }</pre>
 *
 * On the prober's thread.
 */
final class SocketProbe implements Prober.Probe, Resolver.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(SocketProbe.class);

  /** After so many reads the others have their turn, however fast the target is. */
  private static final int READS = 4;

  private enum Stage {
    NAME,
    CONNECT,
    HANDSHAKE,
    ANSWER,
    OVER
  }

  private final SocketProber prober;
  private final SocketQuestion question;
  private final Prober.Outcome outcome;
  private Stage stage = Stage.NAME;
  private InetAddress[] addresses = {};
  private int first;
  private int tried;
  private @Nullable Link link;
  private @Nullable SelectionKey key;
  private @Nullable AnswerReader answer;

  SocketProbe(SocketProber prober, SocketQuestion question, Prober.Outcome outcome) {
    this.prober = prober;
    this.question = question;
    this.outcome = outcome;
  }

  void start() {
    InetAddress[] known = question.known(prober.resolver());
    if (known != null) {
      onResolved(known);
    } else {
      prober.resolver().resolve(question.host(), prober::execute, this);
    }
  }

  @Override
  public void onResolved(InetAddress[] found) {
    if (stage == Stage.NAME) {
      stage = Stage.CONNECT;
      addresses = found;
      first = found.length == 1 ? 0 : question.nextTurn(found.length);
      connect();
    }
  }

  @Override
  public void onUnknown(UnknownHostException cause) {
    fail("'" + question.host() + "' cannot be resolved");
  }

  private void connect() {
    InetAddress ip = addresses[(first + tried++) % addresses.length];
    SocketChannel channel;
    try {
      channel = prober.open(ip);
    } catch (NoRouteToHostException e) {
      connectFailed(e);
      return;
    } catch (IOException e) {
      if (end()) {
        outcome.undone("no socket: " + e.getMessage());
      }
      return;
    }
    Link plain = new PlainLink(channel);
    link = plain;
    guarded(() -> connect(plain, new InetSocketAddress(ip, question.port())));
  }

  private void connect(Link plain, InetSocketAddress to) throws IOException {
    boolean connected;
    try {
      connected = plain.channel().connect(to);
      key = prober.register(plain.channel(), this, connected ? 0 : SelectionKey.OP_CONNECT);
    } catch (IOException e) {
      connectFailed(e);
      return;
    }
    if (connected) {
      connected(plain);
    }
  }

  private void connectFailed(IOException e) {
    if (tried < addresses.length) {
      closeLink();
      connect();
    } else {
      fail(Faults.text(e));
    }
  }

  /** The socket is ready for something. */
  void ready() {
    Link present = link;
    if (present == null) {
      return; // an event of before the end
    }
    guarded(
        () -> {
          switch (stage) {
            case CONNECT -> finishConnect(present);
            case HANDSHAKE -> handshake((TlsLink) present);
            case ANSWER -> exchange(present);
            default -> {}
          }
        });
  }

  /** A step that ends the probe where it fails. */
  private void guarded(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      fail(Faults.text(e));
    } catch (RuntimeException e) {
      LOG.error("health: a probe of {}:{} failed", question.host(), question.port(), e);
      if (end()) {
        outcome.undone("failed inside the proxy");
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private void finishConnect(Link plain) throws IOException {
    boolean connected;
    try {
      connected = plain.channel().finishConnect();
    } catch (IOException e) {
      connectFailed(e);
      return;
    }
    if (connected) {
      connected(plain);
    }
  }

  private void connected(Link plain) throws IOException {
    if (question.check().kind() == HealthCheck.Kind.TCP) {
      over(true, "connected");
      return;
    }
    SSLEngine engine = question.engine();
    if (engine == null) {
      ask(plain);
      return;
    }
    TlsLink secure =
        new TlsLink(plain.channel(), engine, prober.tasks(), () -> prober.execute(this::tasksDone));
    link = secure;
    stage = Stage.HANDSHAKE;
    secure.begin();
    handshake(secure);
  }

  private void tasksDone() {
    if (link instanceof TlsLink secure) {
      secure.tasksDone();
      ready();
    }
  }

  private void handshake(TlsLink secure) throws IOException {
    int awaited;
    try {
      awaited = secure.handshake(prober.buffer());
    } catch (EOFException e) {
      throw new SSLException("the connection was closed during the handshake", e);
    }
    if (awaited != TlsLink.DONE) {
      await(awaited);
    } else if (question.check().kind() == HealthCheck.Kind.TLS) {
      over(true, secure.protocol());
    } else {
      ask(secure);
    }
  }

  private void ask(Link over) throws IOException {
    stage = Stage.ANSWER;
    answer = prober.answerReader(question.check());
    over.send(ByteBuffer.wrap(question.request()));
    awaitAnswer(over);
    if (over instanceof TlsLink) {
      exchange(over); // the answer's first bytes may have come with the handshake's last
    }
  }

  private void exchange(Link over) throws IOException {
    AnswerReader reader = answer;
    if (reader == null) {
      return;
    }
    for (int reads = 0; reads < READS; reads++) {
      ByteBuffer in = prober.buffer().clear();
      int n = over.read(in);
      if (n < 0) {
        reader.end();
      } else {
        reader.read(in.flip());
      }
      if (reader.over()) {
        over(reader.good(), reader.reason());
        return;
      }
      if (n == 0 || over.drained()) {
        awaitAnswer(over);
        return;
      }
    }
    prober.execute(this::ready); // what a link has decrypted already, no socket announces
  }

  private void awaitAnswer(Link over) throws IOException {
    await(over.flush() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }

  private void await(int operations) {
    if (key != null && key.interestOps() != operations) {
      key.interestOps(operations);
    }
  }

  @Override
  public String giveUp() {
    String awaited =
        switch (stage) {
          case NAME -> "no address of '" + question.host() + "'";
          case CONNECT -> "no connection";
          case HANDSHAKE -> "no TLS handshake";
          case ANSWER, OVER -> answer == null ? "no answer" : answer.awaited();
        };
    end();
    return awaited;
  }

  private void fail(String why) {
    over(false, why);
  }

  private void over(boolean passed, String what) {
    if (!end()) {
      return;
    }
    if (passed) {
      outcome.passed(what);
    } else {
      outcome.failed(what);
    }
  }

  private boolean end() {
    if (stage == Stage.OVER) {
      return false;
    }
    stage = Stage.OVER;
    closeLink();
    return true;
  }

  private void closeLink() {
    Link present = link;
    link = null;
    key = null;
    if (present != null) {
      present.close();
    }
  }
}
