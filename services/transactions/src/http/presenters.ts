import type { Transfer } from '@florin/contracts';
import { formatMoney } from '@florin/money';
import { invariant } from '@florin/primitives';
import { type Account, availableMinor } from '../domain/account.ts';
import type { TransferCommand } from '../domain/command.ts';
import type { Hold } from '../domain/hold.ts';
import type { Journal } from '../domain/journal.ts';
import type { Decision } from '../domain/ledger-view.ts';
import { systemAccountName } from '../domain/system-account.ts';
import type { TransferView } from '../use-cases/find-transfer.ts';
import type { PostingRecord } from '../use-cases/list-postings.ts';
import type { ReversalProgress } from '../use-cases/reversal-state.ts';

/** An account's balance as the API shows it. */
function presentBalance(account: Account) {
  return {
    posted: formatMoney(account.postedMinor, account.currency),
    available: formatMoney(availableMinor(account), account.currency),
    held: formatMoney(account.heldMinor, account.currency),
    version: account.version,
  };
}

/** A transfer that was just posted, with the payer's new balance. */
export function presentTransfer(decision: Decision, coordination: 'local' | 'two-phase' = 'local'): Transfer {
  const [journal, fee] = decision.journals;
  const [payer] = decision.accounts;
  invariant(journal !== undefined && payer !== undefined, 'a posted transfer has a journal and a payer');
  return {
    id: journal.id,
    status: 'completed',
    fromAccountId: journal.debitAccountId,
    toAccountId: journal.creditAccountId,
    amount: formatMoney(journal.amountMinor, journal.currency),
    ...(fee === undefined ? {} : { fee: formatMoney(fee.amountMinor, fee.currency) }),
    reference: journal.reference,
    coordination,
    bookedAt: new Date(journal.bookedAtMs).toISOString(),
    valueDate: journal.valueDate,
    balance: presentBalance(payer),
  };
}

/** A transfer that was just accepted and is on its way to another shard: the money is set aside. */
export function presentPending(command: TransferCommand, decision: Decision, nowMs: number): Transfer {
  const [payer] = decision.accounts;
  const { hold } = decision;
  invariant(payer !== undefined && hold !== null, 'what is accepted is set aside');
  const feeMinor = hold.amountMinor - command.amountMinor;
  return {
    id: command.id,
    status: 'pending',
    fromAccountId: command.debitAccountId,
    toAccountId: command.creditAccountId,
    amount: formatMoney(command.amountMinor, command.currency),
    ...(feeMinor === 0n ? {} : { fee: formatMoney(feeMinor, command.currency) }),
    reference: command.reference,
    coordination: 'saga',
    sagaId: command.id,
    bookedAt: new Date(nowMs).toISOString(),
    valueDate: hold.day,
    balance: presentBalance(payer),
  };
}

/** A reversal that was just posted. Staff see no balance with it. */
export function presentReversal(decision: Decision): Transfer {
  const [journal] = decision.journals;
  invariant(journal !== undefined && journal.reversalOf !== null, 'a reversal names what it reverses');
  return {
    id: journal.id,
    status: 'completed',
    fromAccountId: journal.debitAccountId,
    toAccountId: journal.creditAccountId,
    amount: formatMoney(journal.amountMinor, journal.currency),
    reference: journal.reference,
    coordination: 'local',
    bookedAt: new Date(journal.bookedAtMs).toISOString(),
    valueDate: journal.valueDate,
    reversalOf: journal.reversalOf,
    reason: journal.reason ?? '',
  };
}

/** A reversal between two shards that is on its way or was booked. */
export function presentCrossingReversal({ reversal, ...progress }: ReversalProgress): Transfer {
  const { status, creditedTo, bookedAt, valueDate } = progress;
  return {
    id: reversal.reversalId,
    status,
    fromAccountId: reversal.payee.accountId,
    toAccountId: creditedTo,
    amount: formatMoney(reversal.amountMinor, reversal.currency),
    reference: reversal.reference,
    coordination: 'saga',
    sagaId: reversal.reversalId,
    bookedAt,
    valueDate,
    reversalOf: reversal.transferId,
    reason: reversal.reason,
  };
}

/** A transfer read back; `reversed` is derived from the journal that took it back. */
export function presentJournal(view: TransferView): Transfer {
  const { journal: record, progress, coordination, showsFee, showsReason } = view;
  return {
    id: record.id,
    status: record.isReversed ? 'reversed' : progress,
    fromAccountId: record.debitAccountId,
    toAccountId: record.creditAccountId,
    amount: formatMoney(record.amountMinor, record.currency),
    ...(record.feeMinor === null || !showsFee ? {} : { fee: formatMoney(record.feeMinor, record.currency) }),
    reference: record.reference,
    coordination,
    ...(coordination === 'saga' ? { sagaId: record.id } : {}),
    bookedAt: record.bookedAt.toISOString(),
    valueDate: record.valueDate,
    ...(record.reversalOf === null ? {} : { reversalOf: record.reversalOf }),
    ...(record.reason === null || !showsReason ? {} : { reason: record.reason }),
  };
}

/** Cash that was just booked. */
export function presentCash(decision: Decision) {
  const journal = decision.journals[0] as Journal;
  const account = decision.accounts[0] as Account;
  return {
    id: journal.id,
    kind: journal.kind,
    accountId: account.id,
    amount: formatMoney(journal.amountMinor, journal.currency),
    reference: journal.reference,
    bookedAt: new Date(journal.bookedAtMs).toISOString(),
    valueDate: journal.valueDate,
    balance: presentBalance(account),
  };
}

export function presentHold(hold: Hold) {
  return {
    id: hold.id,
    accountId: hold.accountId,
    amount: formatMoney(hold.amountMinor, hold.currency),
    captured: formatMoney(hold.capturedMinor, hold.currency),
    status: hold.status,
    reference: hold.reference,
    expiresAt: hold.expiresAtMs === null ? null : new Date(hold.expiresAtMs).toISOString(),
  };
}

/** An account as the other services ask for it; `asOfMs` is when the ledger looked, by the business clock. */
export function presentLedgerAccount(account: Account, asOfMs: number) {
  return {
    id: account.id,
    iban: account.iban,
    currency: account.currency,
    status: account.status,
    owners: [...account.owners],
    postedMinor: account.postedMinor.toString(),
    heldMinor: account.heldMinor.toString(),
    overdraftMinor: account.overdraftMinor.toString(),
    availableMinor: availableMinor(account).toString(),
    version: account.version,
    controlVersion: account.controlVersion,
    asOf: new Date(asOfMs).toISOString(),
  };
}

/** A line of an account's history as the other services ask for it; the same fields as in the event. */
export function presentLine(line: PostingRecord) {
  return {
    version: line.version,
    journalId: line.journalId,
    kind: line.kind,
    amountMinor: line.amountMinor.toString(),
    balanceAfterMinor: line.balanceAfterMinor.toString(),
    counterpartyAccountId: line.counterpartyAccountId,
    counterpartyIban: line.counterpartyIban,
    counterpartyName: line.counterpartyName ?? systemAccountName(line.counterpartyAccountId),
    reference: line.reference,
    bookedAt: line.bookedAt.toISOString(),
    valueDate: line.valueDate,
  };
}
