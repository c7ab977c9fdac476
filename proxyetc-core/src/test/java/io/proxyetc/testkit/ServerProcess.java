package io.proxyetc.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A server that is a process of its own: one that can be killed, stopped and started again at the
 * same port. It answers every path with its name, and ends with the test. It has a loopback address
 * for itself: while it is dead, nobody else is given its port.
 */
public final class ServerProcess implements AutoCloseable {
  private final String name;
  private final String address;
  private final int port;
  private volatile Process process;

  private ServerProcess(String name, String address, Process process, int port) {
    this.name = name;
    this.address = address;
    this.process = process;
    this.port = port;
  }

  /** Starts one at any free port. */
  public static ServerProcess start(String name) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String address = "127.77." + random.nextInt(1, 255) + "." + random.nextInt(1, 255);
    Process process = launch(name, address, 0);
    return new ServerProcess(name, address, process, awaitPort(process));
  }

  private static Process launch(String name, String address, int port) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                ServerProcess.class.getName(),
                name,
                address,
                String.valueOf(port)));
    try {
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a server", e);
    }
  }

  private static int awaitPort(Process process) {
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      if (line == null) {
        throw new AssertionError("the server ended at once");
      }
      return Integer.parseInt(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process itself: ends when its standard input does. */
  public static void main(String... arguments) throws IOException {
    String body = arguments[0] + "\n";
    byte[] answer =
        ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
            .getBytes(StandardCharsets.ISO_8859_1);
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2])), 512);
    thread(() -> accept(server, answer));
    System.out.println(server.getLocalPort());
    while (System.in.read() >= 0) {
      // whoever started it is still there
    }
    System.exit(0);
  }

  private static void accept(ServerSocket server, byte[] answer) throws IOException {
    while (true) {
      Socket client = server.accept();
      thread(() -> serve(client, answer));
    }
  }

  /**
   * Answers each request without a body, by one write: who is killed between two would leave half
   * an answer, which nobody could mend.
   */
  private static void serve(Socket client, byte[] answer) throws IOException {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      int ends = 0; // of lines, one behind the other
      for (int b = in.read(); b >= 0; b = in.read()) {
        ends = b == '\n' ? ends + 1 : b == '\r' ? ends : 0;
        if (ends == 2) {
          ends = 0;
          client.getOutputStream().write(answer);
        }
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void thread(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // a client has gone
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** What it answers. */
  public String name() {
    return name;
  }

  /** Its address as a target's URL; the same after {@link #restart}. */
  public String url() {
    return "http://" + address + ":" + port;
  }

  /** Ends it as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops it where it is (SIGSTOP): the system goes on to accept connections for it. */
  public void suspend() {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    Processes.run(List.of("kill", "-" + signal, String.valueOf(process.pid())), "")
        .requireSuccess();
  }

  /** Starts it again at its port, after {@link #kill}. */
  public void restart() {
    process = launch(name, address, port);
    awaitPort(process);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
