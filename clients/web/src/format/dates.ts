/** A moment for people: `24 Nov 2026, 14:05`, in their zone. */
export function formatMoment(timestamp: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(timestamp));
}

/** The day of a moment, in the reader's zone. */
export function formatDay(timestamp: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(timestamp));
}

/** A calendar date, YYYY-MM-DD: a day of the bank's calendar, the same in every zone. */
export function formatDate(date: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

/** A month, YYYY-MM: `October 2026`. */
export function formatMonth(month: string, locale: string): string {
  const first = new Date(`${month}-01T00:00:00Z`);
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(first);
}

/** The day a moment falls on in the bank's calendar (UTC), YYYY-MM-DD. */
export function bankDate(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** A calendar date with its weekday, for a heading: `Tuesday, 24 November 2026`. */
export function formatLongDate(date: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

/** A time of today, to the second: `14:05:09`, in the reader's zone. */
export function formatTime(timestamp: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(new Date(timestamp));
}

/** The day of a moment in the bank's calendar: where statements, filters and limits cut it, whatever the reader's zone. */
export function formatBankDay(timestamp: string, locale: string): string {
  return formatDate(bankDate(new Date(timestamp)), locale);
}

/** A moment to the second, for a record: `24 Nov 2026, 14:05:09`, in the reader's zone. */
export function formatInstant(timestamp: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(timestamp));
}
