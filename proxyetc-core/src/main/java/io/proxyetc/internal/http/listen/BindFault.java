package io.proxyetc.internal.http.listen;

import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;

/** Why a listener cannot be bound, and what to do about it. */
final class BindFault {
  private BindFault() {}

  static ProxyException of(ProxyServer.Builder.Listen wanted, IOException cause) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof UnknownHostException) {
      return because(
          wanted,
          "the name '" + wanted.host() + "' cannot be resolved",
          "give an address of this machine, localhost, or * for all of them",
          cause);
    }
    if (message.contains("assign requested address")) {
      return because(
          wanted,
          wanted.host() + " is no address of this machine",
          "give one that is, localhost, or * for all of them",
          cause);
    }
    if (message.contains("ermission denied")) {
      return because(
          wanted,
          "this user may not open the port",
          "choose one from 1024 on, or grant the process CAP_NET_BIND_SERVICE",
          cause);
    }
    String fault = message.contains("in use") ? "the port is in use" : message;
    return because(wanted, fault, "stop what listens there, or choose another port", cause);
  }

  private static ProxyException because(
      ProxyServer.Builder.Listen wanted, String fault, String remedy, IOException cause) {
    String protocol = wanted.tls().isPresent() ? "https" : "http";
    String url = new ListenerAddress(protocol, wanted.host(), wanted.port(), List.of()).url();
    return new ProxyException("cannot listen on " + url + ": " + fault + "; " + remedy, cause);
  }
}
