import { isUuid } from '@florin/primitives';
import type { HistoryLine } from './history.ts';

/** What names one line of an account's history. */
export interface LineName {
  readonly journalId: string;
  readonly side: 'debit' | 'credit';
  readonly version: number;
}

/**
 * The name of a line as text, `<journal>:debit|credit:<version of the account>`. An account has one posting in a
 * journal, so journal and side name it for ever, in lists over several accounts too; the version says where in the
 * history it stands, so that one line of very many is found by the primary key, and the write path pays for no index
 * on journals.
 */
export function writeLineName(line: Pick<HistoryLine, 'journalId' | 'amountMinor' | 'version'>): string {
  return `${line.journalId}:${sideOf(line.amountMinor)}:${line.version}`;
}

/** Undefined for a text that names no line there could be. */
export function readLineName(text: string): LineName | undefined {
  const [journalId = '', side, digits = '', ...rest] = text.split(':', 4);
  if (!isUuid(journalId) || !/^[1-9]\d{0,14}$/.test(digits) || rest.length > 0) return undefined;
  if (side !== 'debit' && side !== 'credit') return undefined;
  return { journalId, side, version: Number(digits) };
}

/** Whether this is the line that a name means. */
export function isNamed(line: HistoryLine, name: LineName): boolean {
  return line.version === name.version && line.journalId === name.journalId && sideOf(line.amountMinor) === name.side;
}

function sideOf(amountMinor: bigint): LineName['side'] {
  return amountMinor < 0n ? 'debit' : 'credit';
}
