import type { JsonObject, RetryPolicy, SagaDefinition } from '@florin/saga';
import type { PostDebitCommand, ReceiveCommand, SendCommand } from '../domain/command.ts';
import type { OtherParty } from '../domain/journal.ts';
import { party, text } from './saga-input.ts';

// A transfer between two shards as an orchestrated saga. The payee is credited last, after the pivot: money that was
// credited early and spent could not be taken back.

/** Both participants are ledgers: milliseconds away, and back within seconds when they are restarted. */
export const LEDGER_RETRY: RetryPolicy = {
  attemptsMax: 6,
  answerMs: 5_000,
  firstPauseMs: 100,
  factor: 2,
  pauseMsMax: 30_000,
};

export const CROSSING_TRANSFER = 'crossing-transfer';

/** The step that is done in the transaction that starts the saga. */
export const SET_ASIDE = 'set-aside';

export const PAYER_LEDGER = 'payer-ledger';
export const PAYEE_LEDGER = 'payee-ledger';

export const crossingTransfer: SagaDefinition = {
  type: CROSSING_TRANSFER,
  version: 1,
  deadlineMs: 60_000,
  compensation: 'in-order',
  steps: [
    {
      name: SET_ASIDE,
      kind: 'compensatable',
      participant: PAYER_LEDGER,
      do: 'send',
      undo: 'void',
      retry: LEDGER_RETRY,
    },
    { name: 'post-debit', kind: 'pivot', participant: PAYER_LEDGER, do: 'post-debit', undo: null, retry: LEDGER_RETRY },
    { name: 'receive', kind: 'retriable', participant: PAYEE_LEDGER, do: 'receive', undo: null, retry: LEDGER_RETRY },
  ],
};

/** What the saga is told at its start and tells every participant: all they need, so that none has to ask. */
export interface Crossing {
  readonly transferId: string;
  readonly feeJournalId: string;
  readonly actor: string;
  readonly payer: OtherParty;
  readonly payee: OtherParty;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
}

/** A crossing as the saga keeps it. */
export function toInput(crossing: Crossing): JsonObject {
  return {
    ...crossing,
    payer: { ...crossing.payer },
    payee: { ...crossing.payee },
    amountMinor: `${crossing.amountMinor}`,
  };
}

/** A crossing as the saga kept it. Throws when it is not one: our own text came back changed. */
export function fromInput(input: JsonObject): Crossing {
  return {
    transferId: text(input, 'transferId'),
    feeJournalId: text(input, 'feeJournalId'),
    actor: text(input, 'actor'),
    payer: party(input, 'payer'),
    payee: party(input, 'payee'),
    amountMinor: BigInt(text(input, 'amountMinor')),
    currency: text(input, 'currency'),
    reference: text(input, 'reference'),
  };
}

export function sendOf(crossing: Crossing): SendCommand {
  return { kind: 'send', ...factsOf(crossing) };
}

export function postDebitOf(crossing: Crossing): PostDebitCommand {
  const { feeJournalId, payee } = crossing;
  return { kind: 'post-debit', ...factsOf(crossing), feeJournalId, otherParty: payee };
}

export function receiveOf(crossing: Crossing): ReceiveCommand {
  return { kind: 'receive', ...factsOf(crossing), otherParty: crossing.payer };
}

function factsOf({ transferId, actor, payer, payee, amountMinor, currency, reference }: Crossing) {
  return {
    id: transferId,
    actor,
    debitAccountId: payer.accountId,
    creditAccountId: payee.accountId,
    amountMinor,
    currency,
    reference,
  };
}
