const UNITS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
  { unit: 'second', ms: 1_000 },
] as const;

/** A stretch of time in its largest unit, cut rather than rounded: `2 hours`, `59 seconds`, `120 ms`. */
export function formatDuration(milliseconds: number, locale: string): string {
  const length = Math.max(0, milliseconds);
  const fitting = UNITS.find(({ ms }) => length >= ms);
  if (fitting === undefined) return inUnit(Math.floor(length), 'millisecond', 'short', locale);
  return inUnit(Math.floor(length / fitting.ms), fitting.unit, 'long', locale);
}

function inUnit(count: number, unit: string, unitDisplay: 'short' | 'long', locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(count);
}
