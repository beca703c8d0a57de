import type { StatementSummaryAnswer } from '@florin/contracts';
import { formatMoney } from '@florin/money';
import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';
import { presentLine } from '../presenters.ts';

export function presentStatement(statement: Statement): StatementSummaryAnswer {
  const { currency } = statement;
  return {
    accountId: statement.accountId,
    iban: statement.iban,
    holderName: statement.holderName,
    accountName: statement.accountName,
    period: statement.period,
    sequence: statement.sequence,
    from: statement.from,
    to: statement.to,
    opening: formatMoney(statement.openingMinor, currency),
    closing: formatMoney(statement.closingMinor, currency),
    credits: formatMoney(statement.creditsMinor, currency),
    debits: formatMoney(statement.debitsMinor, currency),
    lineCount: statement.lineCount,
    frozenAt: new Date(statement.frozenAtMs).toISOString(),
  };
}

/** Everything before the lines. */
export function jsonHead(statement: Statement): string {
  return `${JSON.stringify(presentStatement(statement)).slice(0, -1)},"lines":[`;
}

export function jsonLine(line: HistoryLine, currency: string, isFirst: boolean): string {
  return `${isFirst ? '' : ','}${JSON.stringify(presentLine(line, currency))}`;
}

/** Everything after the lines. */
export function jsonTail(): string {
  return ']}';
}
