import { describe, expect, it } from 'vitest';
import { lagP99, parseEventLag } from './event-lag.ts';

function reading(group: string, counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([bound, count]) => `florin_event_lag_seconds_bucket{le="${bound}",group="${group}",service="s"} ${count}\n`)
    .join('');
}

describe('lagP99', () => {
  const before = parseEventLag(reading('a', { '0.1': 1000, '2': 1000, '+Inf': 1000 }));

  it('counts only what happened between the readings', () => {
    const after = parseEventLag(reading('a', { '0.1': 1000, '2': 1100, '+Inf': 1100 }));
    expect(lagP99(before, after)).toBe(2);
  });

  it('is that of the slowest group', () => {
    const quick = reading('a', { '0.1': 1100, '2': 1100, '+Inf': 1100 });
    const slow = reading('b', { '0.1': 90, '2': 90, '+Inf': 100 });
    expect(lagP99(before, parseEventLag(quick + slow))).toBe(Number.POSITIVE_INFINITY);
  });

  it('lets one in a hundred be slower', () => {
    const after = parseEventLag(reading('a', { '0.1': 1099, '2': 1100, '+Inf': 1100 }));
    expect(lagP99(before, after)).toBe(0.1);
  });

  it('is zero when nothing happened', () => {
    expect(lagP99(before, before)).toBe(0);
  });
});
