import { appendToOutbox } from '@florin/messaging';
import { type Database, sql } from '@florin/postgres';
import {
  type Operation,
  type Outcome,
  openSagaRunner,
  type RetryPolicy,
  replay,
  runParticipant,
  type SagaCommand,
  type SagaDefinition,
  type SagaRunner,
  type SagaRunnerOptions,
  type StepDefinition,
  startSaga,
  startStatements,
} from '@florin/saga';
import { book, type What } from './books.ts';
import { type Desk, logger, metrics, type Places, type Standing } from './desk.ts';
import type { At } from './fault.ts';

export const HOST = 'payer';
const RETRY: RetryPolicy = { attemptsMax: 100, answerMs: 1_000, firstPauseMs: 20, factor: 2, pauseMsMax: 200 };
/** What a dead process was at is soon somebody else's. */
const LIMITS = { pollMs: 50, leaseMs: 1_000, breakerPauseMs: 100, breakerPauseMsMax: 500 };

function step(name: What, kind: StepDefinition['kind'], participant: string, undo: What | null): StepDefinition {
  return { name, kind, participant, do: name, undo, retry: RETRY };
}

/** Set aside, looked at by the other side, debited, received; whatever comes before the debit can be undone. */
const TRANSFER: SagaDefinition = {
  type: 'transfer',
  version: 1,
  deadlineMs: 3_600_000,
  compensation: 'in-order',
  steps: [
    step('set-aside', 'compensatable', 'payer', 'void'),
    step('screen', 'compensatable', 'payee', 'unscreen'),
    step('post-debit', 'pivot', 'payer', null),
    step('receive', 'retriable', 'payee', null),
  ],
};

/** Where a participant may end, however commands reach it. */
export const PARTICIPANT_POINTS = ['command-received', 'before-effect-commit', 'after-effect-commit'] as const;

const REFUSED: Outcome = { kind: 'rejected', code: 'refused', detail: 'It is not to be.' };

/** What the participants do. The pivot is refused to transfers that say so. */
export function operationsOf(at: At): Readonly<Record<string, Operation>> {
  const operation =
    (what: What): Operation =>
    async (tx, { input }, { sagaId }) => {
      const isRefused = what === 'post-debit' && input['refused'] === true;
      if (!isRefused) await book(tx, sagaId, what);
      at('before-effect-commit');
      return isRefused ? REFUSED : { kind: 'applied', output: {} };
    };
  const all: What[] = ['set-aside', 'void', 'screen', 'unscreen', 'post-debit', 'receive'];
  return Object.fromEntries(all.map((what) => [what, operation(what)]));
}

/** A command at the side that it is for; unguarded, it is done whenever it comes. */
export async function takePart(db: Database, command: SagaCommand, guarded: boolean, at: At): Promise<Outcome> {
  at('command-received');
  const operations = operationsOf(at);
  const options = { operations, nowMs: Date.now() };
  const outcome = guarded
    ? await runParticipant(db, command, options)
    : await db.transaction(async (tx) => operations[command.operation]?.(tx, command.payload, command));
  at('after-effect-commit');
  return outcome ?? REFUSED;
}

/** The two points of a start, which is the caller's transaction. */
export const START_POINTS = ['before-start-commit', 'after-start-commit'] as const;

/** Opens the orchestrator with the way to the participants. */
export async function openOrchestrator(
  { payerUrl }: Places,
  at: At,
  db: Database,
  options: Pick<SagaRunnerOptions, 'transports' | 'committed'>,
): Promise<{ readonly desk: Desk; readonly runner: SagaRunner }> {
  const runner = await openSagaRunner({
    name: HOST,
    url: payerUrl,
    definitions: [TRANSFER],
    ...options,
    logger,
    metrics,
    limits: LIMITS,
    at,
  });
  return {
    runner,
    desk: { begin: (id, refused) => begin(runner, db, at, { id, refused }), standing: standingIn(runner) },
  };
}

async function begin(
  runner: SagaRunner,
  db: Database,
  at: At,
  { id, refused }: { readonly id: string; readonly refused: boolean },
): Promise<void> {
  // Who heard nothing asks again under the same id.
  if ((await runner.find(id)) !== undefined) return;
  const setting = { definition: TRANSFER, nowMs: runner.nowMs(), random: 0.5 };
  const transition = startSaga(setting, { id, input: { refused } });
  await db.transaction(async (tx) => {
    const start = { transition, subject: id, holder: runner.holder };
    for (const statement of startStatements([start])) await tx.execute(statement);
    const events = runner.outgoing(transition);
    if (events.length > 0) await appendToOutbox(tx, HOST, events);
    at('before-start-commit');
  });
  at('after-start-commit');
  runner.started(transition);
}

function standingIn(runner: SagaRunner) {
  return async (id: string): Promise<Standing> => {
    const found = await runner.find(id);
    if (found === undefined || found.saga.phase !== 'stopped') return { end: undefined, complaints: [] };
    const { saga } = found;
    const log = await runner.timeline(id);
    const complaints = [
      ...(log.every(({ seq }, index) => seq === index + 1) ? [] : ['its log has gaps']),
      ...(sorted(replay(log)) === sorted(saga) ? [] : ['its log does not add up to it']),
      ...(saga.status === 'needs_attention' ? [`it needs attention: ${saga.attention}`] : []),
    ];
    return { end: saga.status === 'completed' ? 'done' : 'undone', complaints };
  };
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** What is still waiting to be published. */
export async function outboxDepth(db: Database): Promise<number> {
  return (await db.query(sql`select from outbox limit 100`)).length;
}
