import type { ActionOrigin } from '@florin/primitives';
import type { JsonObject, SagaDefinition } from '@florin/saga';
import type { ClaimCommand, CrossingReversalFacts, GiveBackCommand, TakeBackCommand } from '../domain/command.ts';
import type { OtherParty } from '../domain/journal.ts';
import { LEDGER_RETRY, PAYEE_LEDGER, PAYER_LEDGER } from './crossing-transfer.ts';
import { flag, party, text } from './saga-input.ts';

// Taking a transfer between two shards back, as an orchestrated saga in the shard of its payer. The payer is given the money
// last, after the pivot: money that was given early and spent could not be taken again when the payee has none.

export const CROSSING_REVERSAL = 'crossing-reversal';

/** The step that is done in the transaction that starts the saga. */
export const CLAIM = 'claim';
export const TAKE_BACK = 'take-back';
export const GIVE_BACK = 'give-back';

export const crossingReversal: SagaDefinition = {
  type: CROSSING_REVERSAL,
  version: 1,
  deadlineMs: 60_000,
  compensation: 'in-order',
  steps: [
    {
      name: CLAIM,
      kind: 'compensatable',
      participant: PAYER_LEDGER,
      do: 'claim',
      undo: 'unclaim',
      retry: LEDGER_RETRY,
    },
    { name: TAKE_BACK, kind: 'pivot', participant: PAYEE_LEDGER, do: 'take-back', undo: null, retry: LEDGER_RETRY },
    { name: GIVE_BACK, kind: 'retriable', participant: PAYER_LEDGER, do: 'give-back', undo: null, retry: LEDGER_RETRY },
  ],
};

/** What the saga is told at its start and tells every participant. Payer and payee are those of the transfer. */
export interface CrossingReversal {
  /** Of both reversing journals, and of the saga. */
  readonly reversalId: string;
  readonly transferId: string;
  readonly actor: string;
  /** Who they were when they asked, for the record. */
  readonly roles: readonly string[];
  readonly origin?: ActionOrigin;
  readonly payer: OtherParty;
  readonly payee: OtherParty;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly reason: string;
  readonly force: boolean;
  /** Of the request: an answer that names it is the same whenever it is given. */
  readonly traceId: string;
}

/** A reversal as the saga keeps it. */
export function reversalToInput(reversal: CrossingReversal): JsonObject {
  const { payer, payee, amountMinor, roles, origin, ...rest } = reversal;
  const asked = { roles: [...roles], ...(origin === undefined ? {} : { origin: { ...origin } }) };
  return { ...rest, ...asked, payer: { ...payer }, payee: { ...payee }, amountMinor: `${amountMinor}` };
}

/** A reversal as the saga kept it. Throws when it is not one: our own text came back changed. */
export function reversalFromInput(input: JsonObject): CrossingReversal {
  // One that began before these were kept has neither.
  const { roles = [], origin } = input as { roles?: readonly string[]; origin?: ActionOrigin };
  return {
    reversalId: text(input, 'reversalId'),
    transferId: text(input, 'transferId'),
    actor: text(input, 'actor'),
    roles,
    ...(origin === undefined ? {} : { origin }),
    payer: party(input, 'payer'),
    payee: party(input, 'payee'),
    amountMinor: BigInt(text(input, 'amountMinor')),
    currency: text(input, 'currency'),
    reference: text(input, 'reference'),
    reason: text(input, 'reason'),
    force: flag(input, 'force'),
    traceId: text(input, 'traceId'),
  };
}

export function claimOf(kind: ClaimCommand['kind'], reversal: CrossingReversal): ClaimCommand {
  const { reversalId, transferId, actor, payer } = reversal;
  return { kind, actor, sagaId: reversalId, journalId: transferId, accountId: payer.accountId };
}

export function takeBackOf(reversal: CrossingReversal): TakeBackCommand {
  const { payer, payee, force } = reversal;
  return { kind: 'take-back', ...factsOf(reversal), accountId: payee.accountId, otherParty: payer, force };
}

export function giveBackOf(reversal: CrossingReversal): GiveBackCommand {
  const { payer, payee } = reversal;
  return { kind: 'give-back', ...factsOf(reversal), accountId: payer.accountId, otherParty: payee };
}

type Facts = Omit<CrossingReversalFacts, 'accountId' | 'otherParty'>;

function factsOf(reversal: CrossingReversal): Facts {
  const { reversalId, transferId, actor, amountMinor, currency, reference, reason } = reversal;
  return { id: reversalId, journalId: transferId, actor, amountMinor, currency, reference, reason };
}
