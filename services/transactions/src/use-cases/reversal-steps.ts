import { hash } from 'node:crypto';
import { type Outcome, type SagaCommand, unknownOutcome } from '@florin/saga';
import type { Command } from '../domain/command.ts';
import {
  CLAIM,
  type CrossingReversal,
  claimOf,
  giveBackOf,
  reversalFromInput,
  takeBackOf,
} from '../sagas/crossing-reversal.ts';
import { PAYEE_LEDGER } from '../sagas/crossing-transfer.ts';
import { type LedgerStep, takeStep } from './saga-participant.ts';
import type { Shards } from './shards.ts';

/** Does one step of taking a transfer between two shards back, in the shard that it concerns. */
export function takeReversalStep(shards: Shards, command: SagaCommand, nowMs: number): Promise<Outcome> {
  const reversal = reversalFromInput(command.payload.input);
  const ledgerCommand = commandOf(command.operation, reversal);
  // Perhaps a newer version of this service knows it; the saga asks again.
  if (ledgerCommand === undefined) return Promise.resolve(unknownOutcome(`no operation ${command.operation}`));
  const { payer, payee } = reversal;
  const { accountId } = command.participant === PAYEE_LEDGER ? payee : payer;
  return takeStep(shards.ofId(accountId).groupCommit, stepOf(command, ledgerCommand, reversal), nowMs);
}

/** The first step, which is taken in the transaction that starts the saga. */
export function claimStep(reversal: CrossingReversal): LedgerStep {
  const command = { sagaId: reversal.reversalId, branch: CLAIM, op: 'do', operation: 'claim' } as const;
  return stepOf(command, claimOf('claim', reversal), reversal);
}

type StepCommand = Pick<SagaCommand, 'sagaId' | 'branch' | 'op' | 'operation'>;

function stepOf(command: StepCommand, ledgerCommand: Command, reversal: CrossingReversal): LedgerStep {
  const { sagaId, branch, op, operation } = command;
  return {
    command: { sagaId, branch, op },
    fingerprint: fingerprintOf(operation, reversal),
    ledgerCommand,
    holdIds: [],
    // The payer's half was posted, so the payee's is on its way.
    ...(ledgerCommand.kind === 'take-back' ? { notYet: 'transfer-not-found' as const } : {}),
  };
}

function commandOf(operation: string, reversal: CrossingReversal): Command | undefined {
  switch (operation) {
    case 'claim':
    case 'unclaim':
      return claimOf(operation, reversal);
    case 'take-back':
      return takeBackOf(reversal);
    case 'give-back':
      return giveBackOf(reversal);
    default:
      return undefined;
  }
}

/** The content of a step, in one order whatever the order in which it came back from the database. */
function fingerprintOf(operation: string, reversal: CrossingReversal): string {
  const { reversalId, transferId, actor, payer, payee, amountMinor, currency, reference, reason, force } = reversal;
  const parties = [payer, payee].flatMap(({ accountId, iban, name }) => [accountId, iban, name]);
  const money = [`${amountMinor}`, currency];
  const content = [operation, reversalId, transferId, actor, ...parties, ...money, reference, reason, force];
  return hash('sha256', JSON.stringify(content));
}
