import { setTimeout as sleep } from 'node:timers/promises';
import { bucketOf, invariant } from '@florin/primitives';
import { isFinal, type Saga } from '@florin/saga';
import type { Actor } from '../domain/actor.ts';
import { noteOfJournal } from '../domain/audit-note.ts';
import { checkSecondPerson } from '../domain/decide-reversal.ts';
import type { OtherParty } from '../domain/journal.ts';
import { isSystemAccount } from '../domain/system-account.ts';
import { findJournal, type JournalRecord } from '../repositories/journals.ts';
import type { CrossingReversal } from '../sagas/crossing-reversal.ts';
import { underKey } from './claim-key.ts';
import type { TransferSources } from './find-transfer.ts';
import type { Ledger } from './ledger.ts';
import { endOfReversal } from './reversal-state.ts';
import { findAccountsAnywhere, type Shards } from './shards.ts';
import type { CrossingDeps } from './start-crossing.ts';
import { type KeyedReversal, startReversal } from './start-reversal.ts';
import type { Answer, Outcome } from './submission.ts';
import { submitCommand } from './submit-command.ts';

/** What takes journals back: the shards, and who carries money between them. */
export interface Reversals extends CrossingDeps, Pick<TransferSources, 'findSaga'> {
  readonly shards: Shards;
}

interface ReversalRequest extends KeyedReversal {
  readonly journalId: string;
  readonly actor: Actor;
  readonly reason: string;
  readonly force: boolean;
  /** Who agreed to it. */
  readonly secondPerson: string | null;
}

/** What a saga takes when nothing is wrong is a tenth of this. */
const WAIT_MS_MAX = 2_000;
const LOOK_EVERY_MS = 25;
const LOOKS_MAX = WAIT_MS_MAX / LOOK_EVERY_MS;

/**
 * Takes a journal back; see `checkSecondPerson` and `decideReversal` for the rules and `submitCommand` for how it may end. A transfer between two
 * shards is taken back by a saga: what becomes of it is waited for up to 2 s, and is the answer under the key from then on;
 * until then the answer is that it is pending.
 */
export function reverseJournal(reversals: Reversals, request: ReversalRequest): Promise<Outcome> {
  const { shards } = reversals;
  const agreed = checkSecondPerson({ ...request, actor: request.actor.subject });
  if (!agreed.ok) return Promise.resolve(notBegun(request.present(agreed)));
  const ledger = shards.ofId(request.journalId);
  return underKey(shards, request.actor.subject, ledger, request, () => reverseIn(reversals, ledger, request));
}

function notBegun({ status, body }: Answer): Outcome {
  return { kind: 'answered', status, body, isReplay: false, versions: [] };
}

async function reverseIn(reversals: Reversals, ledger: Ledger, request: ReversalRequest): Promise<Outcome> {
  const { journalId, actor, reason, force } = request;
  // Read before the batch only to know where it is done and which accounts to lock; neither ever changes.
  const original = await findJournal(ledger.db, journalId);
  if (original?.isHalf && original.kind === 'transfer') return reverseAcross(reversals, ledger, request, original);
  const accountIds = original === undefined ? [] : [original.debitAccountId, original.creditAccountId];
  const id = ledger.newId(bucketOf(journalId));
  return submitCommand(ledger.groupCommit, {
    ...request,
    note: { ...noteOfJournal(actor, 'transfer.reversed', id), reason },
    command: {
      kind: 'reversal',
      id,
      actor: actor.subject,
      journalId,
      accountIds: accountIds.filter((id) => !isSystemAccount(id)),
      reason,
      force,
    },
  });
}

async function reverseAcross(
  reversals: Reversals,
  ledger: Ledger,
  request: ReversalRequest,
  original: JournalRecord,
): Promise<Outcome> {
  const { reason, force } = request;
  const { subject: actor, roles, traceId, origin } = request.actor;
  const { id, amountMinor, currency, reference } = original;
  const reversal: CrossingReversal = {
    reversalId: ledger.newId(bucketOf(id)),
    transferId: id,
    ...(await partiesOf(reversals.shards, original)),
    ...{ actor, roles, reason, force, traceId, amountMinor, currency, reference },
    ...(origin === undefined ? {} : { origin }),
  };
  const accepted = await startReversal(reversals, ledger, request, reversal);
  if (accepted.kind !== 'answered' || accepted.status >= 400) return accepted;
  // Of a key that was used before it is another reversal than the one just made up.
  const { id: sagaId } = JSON.parse(accepted.body) as { id: string };
  const saga = await lookUntilFinal(() => reversals.findSaga(ledger.index, sagaId));
  if (saga === undefined || !isFinal(saga)) return accepted;
  const { status, body } = request.presentCrossing(endOfReversal(saga));
  return { ...accepted, status, body };
}

async function lookUntilFinal(find: () => Promise<Saga | undefined>): Promise<Saga | undefined> {
  for (let look = 1; look < LOOKS_MAX; look += 1) {
    const saga = await find();
    if (saga === undefined || isFinal(saga)) return saga;
    await sleep(LOOK_EVERY_MS);
  }
  return find();
}

async function partiesOf(
  shards: Shards,
  { debitAccountId, creditAccountId }: JournalRecord,
): Promise<{ readonly payer: OtherParty; readonly payee: OtherParty }> {
  const accounts = await findAccountsAnywhere(shards, [debitAccountId, creditAccountId]);
  const partyOf = (accountId: string): OtherParty => {
    const account = accounts.find((each) => each.id === accountId);
    invariant(account !== undefined, 'a transfer names accounts of this ledger');
    return { accountId, iban: account.iban, name: account.holderName };
  };
  return { payer: partyOf(debitAccountId), payee: partyOf(creditAccountId) };
}
