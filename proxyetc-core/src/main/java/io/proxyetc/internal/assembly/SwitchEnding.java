package io.proxyetc.internal.assembly;

import io.proxyetc.SwitchOutcome.Result;
import io.proxyetc.spi.HealthEvent.Kind;

/**
 * Why a switch ends.
 *
 * @param result how
 * @param reason a sentence for people
 * @param told whether somebody else publishes the event
 */
record SwitchEnding(Result result, String reason, boolean told) {
  static SwitchEnding of(Result result, String reason) {
    return new SwitchEnding(result, reason, false);
  }

  Kind kind() {
    return switch (result) {
      case DONE -> Kind.SWITCHED;
      case ROLLED_BACK -> Kind.SWITCH_ROLLED_BACK;
      case NOT_HEALTHY, ABORTED -> Kind.SWITCH_ABORTED;
    };
  }
}
