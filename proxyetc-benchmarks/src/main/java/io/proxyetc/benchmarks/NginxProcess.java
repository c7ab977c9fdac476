package io.proxyetc.benchmarks;

import java.nio.file.Path;
import java.util.List;

/** How nginx runs here: in the foreground, with every file of its own in the work directory. */
final class NginxProcess {

  private NginxProcess() {}

  static List<String> command(Path directory, String configuration) {
    return List.of(
        "nginx",
        "-e",
        "stderr",
        "-p",
        directory.toString(),
        "-c",
        directory.resolve(configuration).toString());
  }

  /** The head of a configuration, down to the open brace of its http block. */
  static String preamble(String name, Path directory, int workers) {
    boolean root = "root".equals(System.getProperty("user.name"));
    return """
    %1$s
    worker_processes %2$d; daemon off; pid %3$s/%4$s.pid; error_log stderr error;
    worker_rlimit_nofile 16384;
    events { worker_connections 8000; }
    http {
      access_log off; keepalive_timeout 300s; keepalive_requests 1000000000;
      client_body_temp_path %3$s/%4$s-body; proxy_temp_path %3$s/%4$s-proxy;
      fastcgi_temp_path %3$s/%4$s-f; uwsgi_temp_path %3$s/%4$s-u; scgi_temp_path %3$s/%4$s-s;
    """
        .formatted(root ? "user root;" : "", workers, directory, name);
  }
}
