import {
  type Account,
  type Approval,
  answerOf,
  type CashMovement,
  type Disclosure,
  type Money,
  type Reconciliation,
  type RetriedLetters,
  type Transfer,
} from '@florin/sdk';
import type { Bank } from '../session/bank.ts';
import type { LetterService } from './saga-services.ts';

// What staff have the bank do. Each rejects with an ApiProblem.

export function freezeAccount({ api }: Bank, accountId: string, reason: string): Promise<Account> {
  return answerOf(api.POST('/v1/accounts/{id}/freeze', { params: { path: { id: accountId } }, body: { reason } }));
}

/** Asks for it; a second person decides. The account as it is when it is not frozen any more. */
export function unfreezeAccount({ api }: Bank, accountId: string, reason: string): Promise<Account | Approval> {
  return answerOf(api.POST('/v1/accounts/{id}/unfreeze', { params: { path: { id: accountId } }, body: { reason } }));
}

/** How much may leave an account in one day, and why that is to be. */
export interface LimitWish {
  readonly dailyLimit: Money;
  /** '' when nobody decides about it. */
  readonly reason: string;
}

/** A lower limit is in force at once; a higher one is asked for, and a second person decides. */
export function setDailyLimit({ api }: Bank, accountId: string, wish: LimitWish): Promise<Account | Approval> {
  const { dailyLimit, reason } = wish;
  const body = { dailyLimit, ...(reason === '' ? {} : { reason }) };
  return answerOf(api.PATCH('/v1/accounts/{id}', { params: { path: { id: accountId } }, body }));
}

/** What is handed over at the counter; sent under a key, so the same body and key can be sent any number of times. */
export interface CashBody {
  readonly accountId: string;
  readonly amount: Money;
  readonly reference: string;
}

/** Books cash once per key whatever happens on the way; what is too much for one person waits for a second one. */
export function moveCash(
  { api }: Bank,
  kind: 'deposit' | 'withdrawal',
  body: CashBody,
  key: string,
): Promise<CashMovement | Approval> {
  const params = { header: { 'Idempotency-Key': key } };
  return kind === 'deposit'
    ? answerOf(api.POST('/v1/deposits', { params, body }))
    : answerOf(api.POST('/v1/withdrawals', { params, body }));
}

export interface Reversal {
  readonly journalId: string;
  readonly reason: string;
  /** Although the payee lacks the money: what is missing becomes a receivable of the bank. */
  readonly force: boolean;
}

/**
 * Asks that a journal be taken back, or forces it, once per key; answers what waits for a second person, or the journal that
 * does it. Rejects with a plain error while it is on its way between two shards of the ledger: it is not known yet how it
 * ends, and asking again under the same key tells.
 */
export async function reverseJournal(
  { api }: Bank,
  { journalId, reason, force }: Reversal,
  key: string,
): Promise<Transfer | Approval> {
  const reversal: Transfer | Approval = await answerOf(
    api.POST('/v1/transfers/{id}/reversal', {
      params: { path: { id: journalId }, header: { 'Idempotency-Key': key } },
      body: { reason, ...(force ? { force } : {}) },
    }),
  );
  if ('amount' in reversal && reversal.status === 'pending') throw new Error('the reversal is on its way');
  return reversal;
}

/** The address of a customer in the clear, for a reason that goes on record. */
export function discloseCustomer({ api }: Bank, customerId: string, reason: string): Promise<Disclosure> {
  const params = { path: { id: customerId } };
  return answerOf(api.POST('/v1/customers/{id}/disclosures', { params, body: { reason } }));
}

/** Proves the books: what is new since the last time, or everything. */
export function proveBooks({ api }: Bank, mode: Reconciliation['mode']): Promise<Reconciliation> {
  return answerOf(api.POST('/v1/ledger/reconciliations', { body: { mode } }));
}

/** Handles the dead letters of a service again; answers how many were taken, and how many keys are free or still waiting. */
export function retryDeadLetters({ api }: Bank, service: LetterService): Promise<RetriedLetters> {
  return answerOf(api.POST(`/v1/dead-letters/${service}/retry`));
}
