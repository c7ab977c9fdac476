package io.proxyetc.internal.http.loop;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;

/** The meters of one IO thread, by number. Made for groups that get requests on it. */
public final class GroupMeters {
  private final MeterNumbers numbers;
  private final AtomicReferenceArray<GroupMeter> meters;

  GroupMeters(MeterNumbers numbers) {
    this.numbers = numbers;
    this.meters = new AtomicReferenceArray<>(numbers.max() + 1);
  }

  /** The number of a group: the same on all threads, and for good. Not for each request. */
  public int number(String group) {
    return numbers.of(group);
  }

  /** The meter with a number. Only on the IO thread. */
  public GroupMeter get(int number) {
    GroupMeter meter = meters.getPlain(number);
    if (meter == null) {
      meter = new GroupMeter(numbers.ioThreads());
      meters.setRelease(number, meter);
    }
    return meter;
  }

  /** Hands out each meter with its group's name; those beyond the cap as {@code other}. */
  public void forEach(BiConsumer<String, GroupMeter> action) {
    numbers
        .known()
        .forEach(
            (group, number) -> {
              if (number > 0) {
                tell(group, number, action);
              }
            });
    tell(MeterNumbers.OTHER, 0, action);
  }

  private void tell(String group, int number, BiConsumer<String, GroupMeter> action) {
    GroupMeter meter = meters.getAcquire(number);
    if (meter != null) {
      action.accept(group, meter);
    }
  }
}
