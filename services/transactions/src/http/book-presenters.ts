import type { JournalAnswer } from '@florin/contracts';
import { formatMoney } from '@florin/money';
import type { DescribedJournal } from '../use-cases/describe-journals.ts';
import type { JournalDetail } from '../use-cases/find-journal.ts';
import type { TrialBalance } from '../use-cases/read-trial-balance.ts';
import type { Reconciliation } from '../use-cases/reconcile.ts';

/** A journal as staff see it. */
export function presentBookedJournal(journal: DescribedJournal): JournalAnswer {
  return {
    id: journal.id,
    kind: journal.kind,
    debit: journal.debit,
    credit: journal.credit,
    amount: formatMoney(journal.amountMinor, journal.currency),
    reference: journal.reference,
    actor: journal.actor,
    bookedAt: journal.bookedAt.toISOString(),
    valueDate: journal.valueDate,
    businessDate: journal.businessDate,
    ...(journal.parentId === null ? {} : { parentId: journal.parentId }),
    ...(journal.reversalOf === null ? {} : { reversalOf: journal.reversalOf }),
    ...(journal.reversedBy === null ? {} : { reversedBy: journal.reversedBy }),
    ...(journal.reason === null ? {} : { reason: journal.reason }),
  };
}

export function presentJournalDetail({ journal, postings, children }: JournalDetail) {
  const { currency } = journal;
  return {
    ...presentBookedJournal(journal),
    postings: postings.map(({ account, amountMinor, balanceAfterMinor }) => ({
      account,
      amount: formatMoney(amountMinor, currency),
      balanceAfter: balanceAfterMinor === null ? null : formatMoney(balanceAfterMinor, currency),
    })),
    children: children.map((child) => ({
      id: child.id,
      kind: child.kind,
      amount: formatMoney(child.amountMinor, child.currency),
    })),
  };
}

export function presentReconciliation({ startedAtMs, ...result }: Reconciliation) {
  return { ...result, startedAt: new Date(startedAtMs).toISOString() };
}

export function presentTrialBalance({ lines, totals }: TrialBalance) {
  return {
    lines: lines.map(({ account, accountId, currency, posted }) => ({
      account,
      ...(accountId === null ? {} : { accountId }),
      currency,
      posted: formatMoney(posted, currency),
    })),
    totals: totals.map(({ currency, debitMinor, creditMinor }) => ({
      currency,
      debit: formatMoney(debitMinor, currency),
      credit: formatMoney(creditMinor, currency),
      difference: formatMoney(creditMinor - debitMinor, currency),
    })),
  };
}
