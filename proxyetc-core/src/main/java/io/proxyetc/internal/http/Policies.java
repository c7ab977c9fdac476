package io.proxyetc.internal.http;

import io.proxyetc.Retries;
import io.proxyetc.Route;
import io.proxyetc.Timeouts;
import io.proxyetc.internal.http.relay.CompiledRules;
import io.proxyetc.internal.http.relay.PathRewrite;
import io.proxyetc.internal.http.relay.RequestRelay;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a route treats its requests, whichever target they go to. All routes that say nothing of it
 * share one, so that it stays in the processor's cache however many there are.
 *
 * @param redirectToHttps see {@link Route#redirectToHttps}
 * @param hostOfTarget whether the target sees its own address as Host
 * @param retries see {@link Route#retries}
 * @param timeouts see {@link Route#timeouts}
 * @param request changes to the request
 * @param response changes to the response; null: none
 * @param session keeps clients at their targets; null: nothing does
 */
record Policies(
    boolean redirectToHttps,
    boolean hostOfTarget,
    Retries retries,
    Timeouts timeouts,
    RequestRelay.Rules request,
    @Nullable CompiledRules response,
    @Nullable SessionCookie session) {

  private static final RequestRelay.Rules NO_RULES = new RequestRelay.Rules(null, null, null);

  /** Of a route that says nothing of it. */
  static final Policies DEFAULT =
      new Policies(false, false, Retries.DEFAULT, Timeouts.DEFAULT, NO_RULES, null, null);

  static Policies of(Route route, @Nullable SessionCookie session) {
    Policies policies =
        new Policies(
            route.redirectToHttps(),
            route.hostHeader() == Route.HostHeader.TARGET,
            route.retries(),
            route.timeouts(),
            rules(route),
            CompiledRules.of(route.response()),
            session);
    return policies.equals(DEFAULT) ? DEFAULT : policies;
  }

  private static RequestRelay.Rules rules(Route route) {
    CompiledRules fields = CompiledRules.of(route.request());
    PathRewrite path =
        route.path().map(rule -> new PathRewrite(route.match().path(), rule)).orElse(null);
    byte[] host =
        route.hostHeader() instanceof Route.HostHeader.Fixed fixed
            ? fixed.name().getBytes(StandardCharsets.US_ASCII)
            : null;
    return fields == null && path == null && host == null
        ? NO_RULES
        : new RequestRelay.Rules(fields, path, host);
  }
}
