import { type AuditActor, appendToOutbox, auditEvent } from '@florin/messaging';
import type { Database, Executor, Tx } from '@florin/postgres';
import { type Clock, fail, invariant, type NewId, ok, type Result } from '@florin/primitives';
import {
  APPROVAL_LIFE_MS,
  type Approval,
  type ApprovalFailure,
  type DecisionFailure,
  decideChecker,
  fingerprintOf,
} from './approval.ts';
import {
  expireApproval,
  findApproval,
  findByRequest,
  findUnfinished,
  insertApproval,
  writeDecision,
  writeEnd,
} from './approval-rows.ts';

/** How one kind of thing is done that needs two people. */
export interface Approvable {
  /**
   * Does it, with all the checks of the moment; why not, when it can not be done any more. What it changes and `settle` belong
   * into one transaction, or under a key made of the approval's id: it may come again after a crash. When `settle`
   * answers false it was done before, and nothing may change. What is under way and has not ended is no failure, and not
   * settled: it stays approved, and is asked about again.
   */
  carryOut(approval: Approval, settle: (tx: Tx) => Promise<boolean>): Promise<Result<unknown, ApprovalFailure>>;
  /** Why this person may not approve it, above all what is their own; undefined when they may. */
  refusal(approval: Approval, checker: string): Promise<ApprovalFailure | undefined>;
  /** What the thing is now, to be held against what was asked. */
  current(approval: Approval): Promise<Readonly<Record<string, string>>>;
}

/** Where what is asked at a service is kept, and how it is done. */
export interface ApprovalDesk {
  /** The databases that hold approvals; more than one where the service is spread over shards. */
  readonly stores: readonly Database[];
  /** Which of them has the approval of this id, should it exist. */
  storeOf(id: string): Database;
  readonly kinds: Readonly<Record<string, Approvable>>;
  /** The CloudEvents source of the service. */
  readonly source: string;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** What somebody asks for. */
export interface Wanted {
  readonly action: string;
  readonly resource: string;
  readonly payload: Readonly<Record<string, string>>;
  readonly reason: string;
  /** The bucket of the approval's id, which decides about its store. */
  readonly bucket: number;
  /** Only one open question of this name. */
  readonly exclusiveKey?: string;
  /** Asking again under this key is the same question. */
  readonly requestKey?: string;
}

export type AskFailure = ApprovalFailure<'approval-pending' | 'idempotency-key-reused'>;

/**
 * Writes down what somebody wants done; nothing has happened yet. Fails with `approval-pending` while the same waits for a
 * decision, and with `idempotency-key-reused` when the key belongs to another question.
 */
export function ask(desk: ApprovalDesk, actor: AuditActor, wanted: Wanted): Promise<Result<Approval, AskFailure>> {
  const { action, resource, payload, reason, exclusiveKey = null, requestKey = null } = wanted;
  const nowMs = desk.clock();
  const asked = { id: desk.newId(wanted.bucket), action, resource, payload, reason, maker: actor.subject };
  const approval: Approval = {
    ...asked,
    fingerprint: fingerprintOf(asked),
    makerRoles: actor.roles,
    traceId: actor.traceId,
    madeAtMs: nowMs,
    expiresAtMs: nowMs + APPROVAL_LIFE_MS,
    status: 'pending',
    ...{ checker: null, decisionReason: null, decidedAtMs: null, endedAtMs: null, failure: null },
  };
  return desk.storeOf(asked.id).transaction(async (tx): Promise<Result<Approval, AskFailure>> => {
    if (exclusiveKey !== null) await expireApproval(tx, exclusiveKey, nowMs);
    const made = await insertApproval(tx, approval, { exclusiveKey, requestKey });
    if (made !== undefined) {
      await record(desk, tx, actor, made, 'asked');
      return ok(made);
    }
    const known = await knownAs(tx, asked, requestKey);
    if (!known.ok) return known;
    if (known.value !== undefined) return ok(known.value);
    return fail({ code: 'approval-pending', detail: 'The same waits for a second person already.' });
  });
}

/**
 * What the same request asked before; undefined when its key is new. Looked at before the rules are: what is done by now is
 * against them, and yet the answer to who asks again is the same. Fails with `idempotency-key-reused` as `ask` does.
 */
export function askedBefore(
  desk: ApprovalDesk,
  actor: Pick<AuditActor, 'subject'>,
  { action, resource, payload, reason, bucket, requestKey }: Wanted,
): Promise<Result<Approval | undefined, AskFailure>> {
  const asked = { action, resource, payload, reason, maker: actor.subject };
  return knownAs(desk.storeOf(desk.newId(bucket)), asked, requestKey ?? null);
}

async function knownAs(
  db: Executor,
  asked: Omit<Parameters<typeof fingerprintOf>[0], 'id'>,
  requestKey: string | null,
): Promise<Result<Approval | undefined, AskFailure>> {
  const known = requestKey === null ? undefined : await findByRequest(db, requestKey);
  if (known === undefined || fingerprintOf({ ...asked, id: known.id }) === known.fingerprint) return ok(known);
  return fail({ code: 'idempotency-key-reused', detail: 'This key was used before with another request.' });
}

/**
 * A second person says yes, and it is done; `failed`, with why, when it can not be done any more. Fails as `decideChecker`
 * does, and with what the kind says about things of the checker's own.
 */
export async function approve(
  desk: ApprovalDesk,
  actor: AuditActor,
  id: string,
): Promise<Result<Approval, ApprovalFailure>> {
  const decided = await decide(desk, actor, id, 'approved', null);
  if (!decided.ok) return decided;
  await finish(desk, decided.value);
  const ended = await findApproval(desk.storeOf(id), id);
  invariant(ended, 'an approval is never deleted');
  return ok(ended);
}

/** A second person says no, and why. Fails as `approve` does. */
export function reject(
  desk: ApprovalDesk,
  actor: AuditActor,
  id: string,
  reason: string,
): Promise<Result<Approval, ApprovalFailure>> {
  return decide(desk, actor, id, 'rejected', reason);
}

async function decide(
  desk: ApprovalDesk,
  actor: AuditActor,
  id: string,
  status: 'approved' | 'rejected',
  reason: string | null,
): Promise<Result<Approval, ApprovalFailure>> {
  const store = desk.storeOf(id);
  const asked = decideChecker(await findApproval(store, id), actor.subject, desk.clock());
  if (!asked.ok) return asked;
  const refused =
    status === 'approved' ? await kindOf(desk, asked.value).refusal(asked.value, actor.subject) : undefined;
  if (refused !== undefined) return fail(refused);
  return store.transaction(async (tx): Promise<Result<Approval, ApprovalFailure>> => {
    const decision = { status, checker: actor.subject, checkerRoles: actor.roles, reason, atMs: desk.clock() };
    const decided = await writeDecision(tx, id, decision);
    if (decided === undefined) {
      const taken: DecisionFailure = { code: 'approval-decided', detail: 'Somebody else has decided meanwhile.' };
      return fail(taken);
    }
    await record(desk, tx, actor, decided, status);
    return ok(decided);
  });
}

/** Does what was approved, unless it has been done. */
async function finish(desk: ApprovalDesk, approval: Approval): Promise<void> {
  const store = desk.storeOf(approval.id);
  const settle = (tx: Tx) => writeEnd(tx, approval.id, { atMs: desk.clock(), failure: null });
  const outcome = await kindOf(desk, approval).carryOut(approval, settle);
  if (outcome.ok) return;
  const { code, detail } = outcome.failure;
  await writeEnd(store, approval.id, { atMs: desk.clock(), failure: { code, detail } });
}

/** Who approved has gone by then: what their request did not carry out is carried out without them. */
const FINISH_AFTER_MS = 10_000;
/** As many at a time as are done well within a second. */
const FINISHED_AT_ONCE_MAX = 20;

/** Does what was approved and interrupted; a chore. */
export async function finishApproved(desk: ApprovalDesk): Promise<void> {
  for (const store of desk.stores) {
    const left = await findUnfinished(store, desk.clock() - FINISH_AFTER_MS, FINISHED_AT_ONCE_MAX);
    for (const approval of left) await finish(desk, approval);
  }
}

function kindOf(desk: ApprovalDesk, { action }: Approval): Approvable {
  const kind = desk.kinds[action];
  invariant(kind !== undefined, `it is known how ${action} is done`);
  return kind;
}

/** What the thing is now that was asked about. */
export function currentOf(desk: ApprovalDesk, approval: Approval): Promise<Readonly<Record<string, string>>> {
  return kindOf(desk, approval).current(approval);
}

/** The audit record: `approvals.asked:accounts.unfreeze`. */
function record(
  { source, clock }: ApprovalDesk,
  tx: Tx,
  actor: AuditActor,
  { id, action, resource, reason, decisionReason }: Approval,
  what: 'asked' | 'approved' | 'rejected',
): Promise<void> {
  const at = new Date(clock()).toISOString();
  const why = what === 'asked' ? reason : (decisionReason ?? reason);
  const done = { id: `${id}:${what}`, action: `approvals.${what}:${action}`, resource, reason: why, at };
  return appendToOutbox(tx, source, [auditEvent(actor, done)]);
}
