import { hash } from 'node:crypto';
import { type Outcome, type SagaCommand, unknownOutcome } from '@florin/saga';
import type { Command } from '../domain/command.ts';
import {
  type Crossing,
  fromInput,
  PAYEE_LEDGER,
  postDebitOf,
  receiveOf,
  SET_ASIDE,
  sendOf,
} from '../sagas/crossing-transfer.ts';
import { type LedgerStep, takeStep } from './saga-participant.ts';
import type { Shards } from './shards.ts';

/** Does one step of a transfer between two shards, in the shard that it concerns. */
export function takeCrossingStep(shards: Shards, command: SagaCommand, nowMs: number): Promise<Outcome> {
  const crossing = fromInput(command.payload.input);
  const ledgerCommand = commandOf(command.operation, crossing);
  // Perhaps a newer version of this service knows it; the saga asks again.
  if (ledgerCommand === undefined) return Promise.resolve(unknownOutcome(`no operation ${command.operation}`));
  const { payer, payee } = crossing;
  const { accountId } = command.participant === PAYEE_LEDGER ? payee : payer;
  return takeStep(shards.ofId(accountId).groupCommit, stepOf(command, ledgerCommand, crossing), nowMs);
}

/** The first step, which is taken in the transaction that starts the saga. */
export function firstStep(crossing: Crossing): LedgerStep {
  const command = { sagaId: crossing.transferId, branch: SET_ASIDE, op: 'do', operation: 'send' } as const;
  return stepOf(command, sendOf(crossing), crossing);
}

type StepCommand = Pick<SagaCommand, 'sagaId' | 'branch' | 'op' | 'operation'>;

function stepOf(command: StepCommand, ledgerCommand: Command, crossing: Crossing): LedgerStep {
  const { sagaId, branch, op, operation } = command;
  return {
    command: { sagaId, branch, op },
    fingerprint: fingerprintOf(operation, crossing),
    ledgerCommand,
    holdIds: ledgerCommand.kind === 'receive' ? [] : [crossing.transferId],
  };
}

function commandOf(operation: string, crossing: Crossing): Command | undefined {
  switch (operation) {
    case 'send':
      return sendOf(crossing);
    case 'void':
      return { kind: 'void', holdId: crossing.transferId, accountId: crossing.payer.accountId };
    case 'post-debit':
      return postDebitOf(crossing);
    case 'receive':
      return receiveOf(crossing);
    default:
      return undefined;
  }
}

/** The content of a step, in one order whatever the order in which it came back from the database. */
function fingerprintOf(operation: string, crossing: Crossing): string {
  const { transferId, feeJournalId, actor, payer, payee, amountMinor, currency, reference } = crossing;
  const parties = [payer, payee].flatMap(({ accountId, iban, name }) => [accountId, iban, name]);
  const content = [operation, transferId, feeJournalId, actor, ...parties, `${amountMinor}`, currency, reference];
  return hash('sha256', JSON.stringify(content));
}
