import { bucketOf, invariant } from '@florin/primitives';
import {
  fingerprintOf,
  type Outcome,
  type Saga,
  type SagaCommand,
  type Transition,
  unknownOutcome,
} from '@florin/saga';
import type { Account } from '../domain/account.ts';
import type { Command } from '../domain/command.ts';
import type { Decision, LedgerDraft } from '../domain/ledger-view.ts';
import { type AccountClosing, readClosing } from '../sagas/account-closing.ts';
import type { Crossing } from '../sagas/crossing-transfer.ts';
import { crossingOf } from './crossing-facts.ts';
import { firstStep } from './crossing-steps.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerOperation, OperationParts } from './ledger-operation.ts';
import { type LedgerStep, recordOfStep, takeStep } from './saga-participant.ts';
import { findAccountsAnywhere } from './shards.ts';
import { beginCrossing } from './start-crossing.ts';

/** What the ledger does when an account that holds money is closed; see `decide-closing.ts`. */
export const closingOperations = {
  'begin-closing': operation('do', beginClosing),
  reopen: operation('undo', reopen),
  sweep: operation('do', sweep),
  close: operation('do', close),
} satisfies Readonly<Record<string, LedgerOperation>>;

interface Place {
  readonly parts: OperationParts;
  readonly ledger: Ledger;
  readonly command: SagaCommand;
}

function operation(
  op: LedgerOperation['op'],
  take: (closing: AccountClosing, place: Place) => Promise<Outcome>,
): LedgerOperation {
  return {
    op,
    take(parts, command) {
      const closing = readClosing(command.payload.input);
      if (closing === undefined) return undefined;
      const ledger = parts.shards.ofId(closing.accountId);
      // A transfer is found in the books of its payer, by its id.
      return parts.shards.ofId(closing.sweepId) === ledger ? take(closing, { parts, ledger, command }) : undefined;
    },
  };
}

function beginClosing({ accountId, controlVersion, mayBeFrozen }: AccountClosing, place: Place): Promise<Outcome> {
  return instruct(place, { kind: 'begin-closing', accountId, controlVersion, mayBeFrozen });
}

function reopen({ accountId, controlVersion, statusBefore }: AccountClosing, place: Place): Promise<Outcome> {
  return instruct(place, { kind: 'reopen', accountId, controlVersion: controlVersion + 1, status: statusBefore });
}

function close({ accountId, controlVersion }: AccountClosing, place: Place): Promise<Outcome> {
  return instruct(place, { kind: 'close', accountId, controlVersion: controlVersion + 1 });
}

function instruct({ parts, ledger, command }: Place, ledgerCommand: Command): Promise<Outcome> {
  return takeStep(ledger.groupCommit, stepOf(command, ledgerCommand), parts.clock());
}

function stepOf(command: SagaCommand, ledgerCommand: Command): LedgerStep {
  return { command, fingerprint: fingerprintOf(command), ledgerCommand, holdIds: [] };
}

/**
 * Moves what there is. To an account in other books it goes by a transfer between shards, which begins with the step; until
 * that one is completed the step is `pending`, and when it came to nothing, so did the step.
 */
async function sweep(closing: AccountClosing, { parts, ledger, command }: Place): Promise<Outcome> {
  const { shards, runnerOf, findSaga, clock } = parts;
  const { targetAccountId } = closing;
  const isElsewhere = shards.ofId(targetAccountId) !== ledger;
  const [payeeElsewhere = null] = isElsewhere ? await findAccountsAnywhere(shards, [targetAccountId]) : [];
  const runner = runnerOf(ledger.index);
  let begun: Transition | undefined;
  const outcome = await takeStep(
    ledger.groupCommit,
    {
      ...stepOf(command, sweepOf(closing, payeeElsewhere)),
      holdIds: [closing.sweepId],
      goesOn(decided, draft) {
        const crossing = crossingTo(closing, ledger, decided, draft, payeeElsewhere);
        if (crossing === null) return null;
        begun = beginCrossing(runner.nowMs(), crossing);
        const record = recordOfStep(firstStep(crossing), { kind: 'applied', output: {} });
        return { saga: { transition: begun, subject: closing.sweepId, holder: runner.holder }, record };
      },
    },
    clock(),
  );
  if (outcome.kind !== 'pending') return outcome;
  if (begun !== undefined) runner.started(begun);
  return outcomeOfCrossing(await findSaga(ledger.index, closing.sweepId));
}

function sweepOf({ sweepId, actor, accountId, targetAccountId }: AccountClosing, payeeElsewhere: Account | null) {
  return {
    kind: 'sweep',
    id: sweepId,
    actor,
    debitAccountId: accountId,
    creditAccountId: targetAccountId,
    payeeElsewhere,
  } as const;
}

/** What was set aside as a transfer to another shard; null when nothing was: all is done, or there was nothing to move. */
function crossingTo(
  { sweepId, actor, accountId, targetAccountId }: AccountClosing,
  { newId }: Ledger,
  { hold }: Decision,
  draft: LedgerDraft,
  payee: Account | null,
): Crossing | null {
  if (hold === null) return null;
  const payer = draft.account(accountId);
  invariant(payer !== undefined && payee !== null, 'both sides were found');
  const facts = { id: sweepId, feeJournalId: newId(bucketOf(accountId)), actor };
  const { amountMinor, currency, reference } = hold;
  const sides = { debitAccountId: accountId, creditAccountId: targetAccountId };
  return crossingOf({ kind: 'transfer', ...facts, ...sides, amountMinor, currency, reference }, payer, payee);
}

function outcomeOfCrossing(saga: Saga | undefined): Outcome {
  if (saga === undefined) return unknownOutcome('the transfer is not to be found');
  if (saga.status === 'completed') return { kind: 'applied', output: { transferId: saga.id } };
  if (saga.status !== 'compensated') return { kind: 'pending' };
  const { code, detail } = saga.failure ?? { code: 'account-not-active', detail: '' };
  return { kind: 'rejected', code, detail };
}
