package io.proxyetc.internal.http.loop;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one turn of an IO thread's selector loop do together, when all of them have
 * been heard. Under load a turn brings a dozen requests, each with a route of its own in cold
 * memory. Looked up one right after the other, the processor waits for several of them at once;
 * looked up one by one between reads and writes, it waits for each alone. A request that comes
 * alone loses next to nothing: the turn ends behind it.
 *
 * <pre>{@code
 * events: join, join, join --> prepare, prepare, prepare --> proceed, proceed, proceed --> select
 * }</pre>
 */
public final class EndOfTurn {
  private static final int USUAL = 64;

  private final IoLoop loop;
  private final Runnable end = this::run;

  // All below belong to the IO thread.
  private @Nullable Member[] joined = new Member[USUAL];
  private @Nullable Member[] before = new Member[USUAL]; // of the turn before: empty, used again
  private int count;

  /** Somebody who has more to do in this turn. Called on the IO thread, once each. */
  public interface Member {
    /** Looks up what {@link #proceed} will need, and does nothing else. */
    void prepare();

    /** Does it. */
    void proceed();

    /** One of the two threw. */
    void failed(Throwable fault);
  }

  EndOfTurn(IoLoop loop) {
    this.loop = loop;
  }

  /** Has the member called when the turn ends; not at all if the thread ends first. */
  public void join(Member member) {
    if (count == 0) {
      loop.execute(end); // XNIO runs it before it selects again
    }
    if (count == joined.length) {
      joined = Arrays.copyOf(joined, 2 * count);
    }
    joined[count++] = member;
  }

  private void run() {
    @Nullable Member[] members = joined;
    int n = count;
    joined = before;
    before = members;
    count = 0; // who joins from here on has another end of its own
    for (int i = 0; i < n; i++) {
      members[i] = prepared(members[i]);
    }
    for (int i = 0; i < n; i++) {
      proceed(members[i]);
      members[i] = null;
    }
  }

  /** Has a member do both at once: for whom there is nothing to wait for. */
  public static void now(Member member) {
    proceed(prepared(member));
  }

  private static @Nullable Member prepared(@Nullable Member member) {
    if (member != null) {
      try {
        member.prepare();
      } catch (Throwable e) { // whatever a user's code throws: the others have to go on
        member.failed(e);
        return null;
      }
    }
    return member;
  }

  private static void proceed(@Nullable Member member) {
    if (member != null) {
      try {
        member.proceed();
      } catch (Throwable e) {
        member.failed(e);
      }
    }
  }
}
