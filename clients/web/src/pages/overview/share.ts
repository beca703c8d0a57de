/** How much of a whole a part is, in percent from 0 to 100, for the width of a bar; precise enough for a screen. */
export function shareOf(part: string, whole: string): number {
  const all = Number(whole);
  if (!(all > 0)) return 0;
  return Math.min(100, Math.max(0, Math.round((Number(part) / all) * 1_000) / 10));
}
