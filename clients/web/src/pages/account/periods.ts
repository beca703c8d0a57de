/** The stretches of time that are asked for most. */
export const PRESETS = ['this-month', 'last-month', 'last-90-days'] as const;
export type Preset = (typeof PRESETS)[number];

/** Days of the bank's calendar, YYYY-MM-DD, both included; open where absent. */
export interface DayRange {
  readonly from?: string;
  readonly to?: string;
}

const DAY_MS = 86_400_000;
const RECENT_DAYS = 90;

/** The days of a preset, seen from today. */
export function presetDays(preset: Preset, today: string): Required<DayRange> {
  if (preset === 'last-90-days') return { from: daysBefore(today, RECENT_DAYS - 1), to: today };
  const month = preset === 'this-month' ? today.slice(0, 7) : daysBefore(firstOf(today.slice(0, 7)), 1).slice(0, 7);
  return { from: firstOf(month), to: daysBefore(firstOf(monthAfter(month)), 1) };
}

/** The preset that two days are, seen from today. */
export function presetOf({ from, to }: DayRange, today: string): Preset | undefined {
  return PRESETS.find((preset) => {
    const days = presetDays(preset, today);
    return days.from === from && days.to === to;
  });
}

/** The month after a month, both YYYY-MM. */
export function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  // Months count from 0 there, so the number of this one is the next one's.
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** The day before a day, both YYYY-MM-DD, or as many days before as wanted. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}

function firstOf(month: string): string {
  return `${month}-01`;
}
