import { isValidIban, normaliseIban } from '@florin/money';
import type { Tx } from '@florin/postgres';
import { bucketOf, fail, invariant, ok, type Result } from '@florin/primitives';
import { type Saga, startSaga, startStatements, type Transition, takeCommand, withFirstStep } from '@florin/saga';
import type { Account } from '../domain/account.ts';
import { type Actor, askedBy } from '../domain/actor.ts';
import type { Balance } from '../domain/balance.ts';
import { type AccountClosing, CONTROL_VERSIONS, closingFailure, decideClosing } from '../domain/closing.ts';
import { type ControlIntent, checkSecondPerson } from '../domain/control.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { findAccount, findAccountByIban, lockAccount, setControlVersion } from '../repositories/accounts.ts';
import {
  answerKey,
  type CommandKey,
  type CommandRecord,
  findCommand,
  insertCommand,
} from '../repositories/commands.ts';
import { findOpenIntent } from '../repositories/control-intents.ts';
import { accountClosing, toInput } from '../sagas/account-closing.ts';
import { finishIntent } from './finish-intent.ts';
import type { OpenDeps } from './open-account.ts';
import type { Closings } from './open-closings.ts';
import type { StoredAnswer } from './ports.ts';

export interface CloseDeps extends OpenDeps {
  readonly closings: Closings;
  /** Who confirms payments: those who have a second factor, or everybody. */
  readonly strongAuthentication: 'enrolled' | 'always';
  /** The answer to the request that closed an account; kept with its key. */
  presentClosed(account: Account, balance: Balance): StoredAnswer;
}

export interface CloseRequest {
  readonly accountId: string;
  /** The IBAN of the account that gets the money, as people write it. */
  readonly restTo: string;
  readonly actor: Actor;
  readonly key: CommandKey;
  readonly fingerprint: string;
}

export type CloseOutcome =
  | { readonly kind: 'answered'; readonly answer: StoredAnswer; readonly isReplay: boolean }
  /** Nothing began, and nothing is remembered. */
  | { readonly kind: 'refused'; readonly failure: AccountFailure }
  /** It is not over yet. */
  | { readonly kind: 'under-way'; readonly account: Account }
  | { readonly kind: 'key-reused' };

export const INVALID_PAYEE: AccountFailure = {
  code: 'invalid-payee',
  detail: 'The IBAN is not valid: please check it.',
};

/** How often a request finishes what others left open on the account before it gives way. */
const TURNS_MAX = 3;

/**
 * Closes an account that may hold money, once per key: its money goes to another account of this bank. The key, the mark on
 * the account and the saga that does the rest are one transaction; the answer waits a while for the saga's end. A request
 * with the same key joins. Refused as `decideClosing` and `checkSecondPerson` say, with `invalid-payee` and with
 * `change-in-progress`; what the ledger refuses is an answer of the key, and the account is then what it was before.
 */
export async function closeAccount(deps: CloseDeps, request: CloseRequest): Promise<CloseOutcome> {
  const known = await findCommand(deps.db, request.key);
  if (known !== undefined) return join(deps, request, known);
  const iban = normaliseIban(request.restTo);
  if (!isValidIban(iban)) {
    return refused(INVALID_PAYEE);
  }
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const begun = await deps.db.transaction((tx) => begin(deps, tx, { ...request, restTo: iban }));
    if (!begun.ok) return refused(begun.failure);
    if (begun.value === 'key-taken') {
      const first = await findCommand(deps.db, request.key);
      invariant(first, 'a key that is taken has a command');
      return join(deps, request, first);
    }
    if ('saga' in begun.value) {
      deps.closings.runner.started(begun.value);
      return answerOf(deps, request, begun.value.saga.id, false);
    }
    await finishIntent(deps, begun.value);
  }
  return refused({ code: 'change-in-progress', detail: 'The account is being changed by others. Try again shortly.' });
}

function refused(failure: AccountFailure): CloseOutcome {
  return { kind: 'refused', failure };
}

/** A saga that began, or the intent that somebody left open and that must end before this can be decided. */
type Begun = Transition | ControlIntent | 'key-taken';

async function begin(deps: CloseDeps, tx: Tx, request: CloseRequest): Promise<Result<Begun, AccountFailure>> {
  const { accountId, actor, key } = request;
  const account = await lockAccount(tx, accountId);
  // Whoever waited for the lock may have waited for the first request with this key.
  if ((await findCommand(tx, key)) !== undefined) return ok('key-taken');
  if (account === undefined) return fail(NOT_FOUND);
  const target = await findAccountByIban(tx, request.restTo);
  const decision = decideClosing(account, target, actor);
  if (!decision.ok && decision.failure.code === NOT_FOUND.code) return decision;
  const open = await findOpenIntent(tx, accountId);
  if (open !== undefined) return ok(open);
  if (!decision.ok) return decision;
  const agreed = checkSecondPerson(account, { action: 'close' }, actor);
  if (!agreed.ok) return agreed;
  const closing: AccountClosing = {
    ...decision.value,
    accountId,
    sweepId: deps.newId(bucketOf(accountId)),
    controlVersion: account.controlVersion + 1,
    ...askedBy(actor),
  };
  return start(deps, tx, request, closing);
}

async function start(
  { newId, clock, closings, logger }: CloseDeps,
  tx: Tx,
  { key, fingerprint }: CloseRequest,
  closing: AccountClosing,
): Promise<Result<Begun, AccountFailure>> {
  const { runner, operations } = closings;
  const { accountId, controlVersion } = closing;
  const sagaId = newId(bucketOf(accountId));
  if (!(await insertCommand(tx, key, { fingerprint, accountId, sagaId, answer: null }))) return ok('key-taken');
  await setControlVersion(tx, accountId, controlVersion + CONTROL_VERSIONS - 1);
  const setting = { definition: accountClosing, nowMs: runner.nowMs(), random: 0 };
  const begun = startSaga(setting, { id: sagaId, input: toInput(closing) });
  invariant(begun.command, 'a saga begins with a command');
  const marked = await takeCommand(tx, begun.command, { operations, nowMs: clock(), logger });
  invariant(marked.kind === 'applied', 'an account is marked in the transaction that locked it');
  const transition = withFirstStep(setting, begun, marked);
  for (const statement of startStatements([{ transition, subject: accountId, holder: runner.holder }])) {
    await tx.execute(statement);
  }
  return ok(transition);
}

async function join(deps: CloseDeps, request: CloseRequest, first: CommandRecord): Promise<CloseOutcome> {
  if (first.fingerprint !== request.fingerprint) return { kind: 'key-reused' };
  if (first.answer !== null) return { kind: 'answered', answer: first.answer, isReplay: true };
  invariant(first.sagaId, 'a closing that has no answer has a saga');
  return answerOf(deps, request, first.sagaId, true);
}

async function answerOf(
  deps: CloseDeps,
  { key, accountId, actor }: CloseRequest,
  sagaId: string,
  isReplay: boolean,
): Promise<CloseOutcome> {
  const saga = await deps.closings.ended(sagaId);
  const account = await findAccount(deps.db, accountId);
  invariant(saga && account, 'sagas and accounts are never deleted');
  const answer = await finalAnswer(deps, saga, account, actor.traceId);
  if (answer === null) return { kind: 'under-way', account };
  await answerKey(deps.db, key, answer);
  const command = await findCommand(deps.db, key);
  return { kind: 'answered', answer: command?.answer ?? answer, isReplay };
}

async function finalAnswer(
  deps: CloseDeps,
  { status, failure }: Saga,
  account: Account,
  traceId: string,
): Promise<StoredAnswer | null> {
  if (status === 'compensated') return deps.presentRefused(closingFailure(failure), traceId);
  if (status !== 'completed') return null;
  const balance = await deps.ledger.balance(account.id);
  invariant(balance, 'the ledger closed an account that it does not have');
  return deps.presentClosed(account, balance);
}
