package io.proxyetc.benchmarks;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * The server behind every proxy: nginx with one worker. {@code /1k} comes from its configuration
 * (head and body in one write), {@code /64k}, {@code /10m} and {@code /1g} from files (head and
 * file in full segments), and {@code /post} reads the whole body before it answers.
 */
final class Target {

  static final int KIB = 1024;
  static final int POST_BYTES = 64 * KIB;

  private Target() {}

  /** Starts it on that port. Its files lie in {@code directory}. */
  static Process start(Path directory, int port, Processes processes) {
    Path files = directory.resolve("files");
    try {
      Files.createDirectories(files);
      write(files.resolve("64k"), 64 * KIB);
      write(files.resolve("10m"), 10 * KIB * KIB);
      writeHole(files.resolve("1g"), 1L << 30);
      Files.writeString(directory.resolve("target.conf"), configuration(directory, port));
    } catch (IOException e) {
      throw new BenchmarkException("target: " + directory + ": " + e.getMessage(), e);
    }
    Process process =
        processes.start("target", NginxProcess.command(directory, "target.conf"), Map.of());
    Ports.awaitOpen("target", process, port, Duration.ofSeconds(10), processes);
    return process;
  }

  private static String configuration(Path directory, int port) {
    return NginxProcess.preamble("target", directory, 1)
        + """
          sendfile on; tcp_nopush on;
          open_file_cache max=16; open_file_cache_valid 1h;
          client_body_buffer_size 128k; client_max_body_size 0;
          upstream answer { server unix:%1$s/answer.sock; keepalive 128; keepalive_requests 1000000000; }
          server { listen unix:%1$s/answer.sock; location / { return 200 "read"; } }
          server {
            listen %2$s:%3$d backlog=4096;
            root %1$s/files;
            default_type application/octet-stream;
            location = /1k { return 200 "%4$s"; }
            location = /post {
              proxy_pass http://answer; proxy_http_version 1.1;
              proxy_pass_request_body off; proxy_pass_request_headers off;
              proxy_method GET; proxy_set_header Connection ""; proxy_set_header Content-Length "";
            }
          }
        }
        """
            .formatted(directory, Ports.LOOPBACK, port, "x".repeat(KIB));
  }

  private static void write(Path file, int size) throws IOException {
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) 'x');
    Files.write(file, content);
  }

  /** A file of zeros that takes no space. */
  private static void writeHole(Path file, long size) throws IOException {
    try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
      hole.setLength(size);
    }
  }
}
