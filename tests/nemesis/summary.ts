import type { ChaosReport } from './chaos.ts';

const FINDINGS_SHOWN_MAX = 20;

/** A run in some lines: how much was done, what was done to the bank, and what is wrong. */
export function summaryOf({ history, findings, faults, quietAfterMs }: ChaosReport): string {
  const { events } = history;
  const count = (type: string, f?: string) =>
    events.filter((event) => event.type === type && (f === undefined || ('f' in event && event.f === f))).length;
  const again = events.filter((event) => event.type === 'ok' && event.f === 'transfer' && event.attempts > 1).length;
  const pending = events.filter((event) => event.type === 'ok' && event.f === 'transfer' && event.isPending).length;
  const lines = [
    `${count('invoke', 'transfer')} transfers: ${count('ok', 'transfer')} acknowledged (${again} of them after asking again, ` +
      `${pending} as pending), ${count('fail')} refused, ${count('info', 'transfer')} without an answer`,
    `${count('ok', 'read')} balances read, ${count('info', 'read')} without an answer`,
    `${faults.length} faults, ${new Set(faults).size} kinds; quiet ${(quietAfterMs / 1_000).toFixed(1)} s after the last`,
    ...findings
      .slice(0, FINDINGS_SHOWN_MAX)
      .map(({ invariant, subject, detail }) => `${invariant}: ${subject}: ${detail}`),
    findings.length > 0 ? `${findings.length} promises broken` : 'no promise is broken',
  ];
  return lines.map((line) => `  ${line}`).join('\n');
}
