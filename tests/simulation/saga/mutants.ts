import { decide, decideBarrier, type SagaDefinition, startSaga, type Transition, UNDONE } from '@florin/saga';
import { type Core, REAL } from './core.ts';

/** Every safeguard taken away, one at a time. The name says what is missing. */
export const MUTANTS: Readonly<Record<string, Core>> = {
  /** A command that was done before is done again. */
  noDedup: withBarrier((op, fingerprint, records) => {
    const decision = decideBarrier(op, fingerprint, records);
    const isRepeated = decision.kind === 'answer' && op === 'do' && records.do?.outcome.kind === 'applied';
    return isRepeated ? { kind: 'work' } : decision;
  }),
  /** An undo does not ask whether there is anything to undo. */
  noEmptyCompensation: withBarrier((op, fingerprint, records) => {
    const decision = decideBarrier(op, fingerprint, records);
    return decision.kind === 'empty' ? { kind: 'work' } : decision;
  }),
  /** An undo that came first leaves nothing behind that would block what it undoes. */
  noHangGuard: withBarrier((op, fingerprint, records) => {
    const decision = decideBarrier(op, fingerprint, records);
    return decision.kind === 'empty' ? { kind: 'answer', outcome: UNDONE } : decision;
  }),
  /** What was rejected is tried again. */
  noRecordedRejection: withBarrier((op, fingerprint, records) => {
    return decideBarrier(op, fingerprint, records.do?.outcome.kind === 'rejected' ? {} : records);
  }),
  /** Any answer counts for whatever is out. */
  noReplyCorrelation: {
    ...REAL,
    decide: (setting, saga, input) => {
      const branch = setting.definition.steps[saga.stepIndex]?.name;
      if (input.kind !== 'reply' || branch === undefined) return decide(setting, saga, input);
      const op = saga.direction === 'forward' ? 'do' : 'undo';
      return decide(setting, saga, { kind: 'reply', reply: { ...input.reply, branch, op, attempt: saga.attempt } });
    },
  },
  /** Only steps that answered are undone, not the one that nobody knows about. */
  skipUnknownStep: {
    ...REAL,
    decide: (setting, saga, input) => {
      const decided = decide(setting, saga, input);
      const branch = setting.definition.steps[saga.stepIndex]?.name;
      if (!decided.ok || branch === undefined || saga.attempt === 0 || !undoesAtOnce(decided.value, branch))
        return decided;
      const outcome = { kind: 'rejected', code: 'no-answer', detail: '' } as const;
      const reply = { sagaId: saga.id, branch, op: 'do', attempt: saga.attempt, outcome } as const;
      const skipped = decide(setting, saga, { kind: 'reply', reply });
      return skipped.ok ? skipped : decided;
    },
  },
  /** A write does not ask whether somebody else wrote meanwhile, and writes over what it finds. */
  noFence: { ...REAL, isFenced: false, hasEventKey: false },
  /** Nobody looks at the time that a saga may take. */
  noDeadline: {
    ...REAL,
    decide: (setting, saga, input) => {
      const decided = decide(setting, { ...saga, deadlineAtMs: Number.MAX_SAFE_INTEGER }, input);
      if (!decided.ok) return decided;
      return {
        ok: true,
        value: { ...decided.value, saga: { ...decided.value.saga, deadlineAtMs: saga.deadlineAtMs } },
      };
    },
  },
  /** There is a way back after the pivot too. */
  noPivot: {
    ...REAL,
    startSaga: (setting, start) => startSaga({ ...setting, definition: withoutPivot(setting.definition) }, start),
    decide: (setting, saga, input) => decide({ ...setting, definition: withoutPivot(setting.definition) }, saga, input),
  },
  /** A refusal after the pivot is a reason to turn back like any other. */
  refusedIsRefused: {
    ...REAL,
    decide: (setting, saga, input) => {
      const decided = decide(setting, saga, input);
      if (!decided.ok || !decided.value.events.some((event) => event.kind === 'attention' && event.isStopped))
        return decided;
      return saga.direction === 'forward'
        ? decide({ ...setting, definition: withoutPivot(setting.definition) }, saga, input)
        : decided;
    },
  },
  /** The receiver is credited first, and may have spent it by the time it is to be taken back. */
  creditFirst: { ...REAL, creditsLast: false },
  /** A saga goes on by whatever definition is deployed. */
  newestVersion: { ...REAL, keepsVersion: false },
  /** Instances trust their own clocks. */
  ownClock: { ...REAL, usesDatabaseClock: false },
  /** The effect may be there without its record. */
  noTransaction: { ...REAL, isAtomic: false },
  /** A participant runs what it can not know any more. */
  noAgeLimit: { ...REAL, refusesOld: false },
};

/** Two safeguards against the same: either alone is enough, so neither is missed while the other is there. */
export const SPARES: Readonly<Record<string, Core>> = {
  onlyEventKey: { ...REAL, isFenced: false },
  onlyRevision: { ...REAL, hasEventKey: false },
};

function withBarrier(barrier: Core['decideBarrier']): Core {
  return { ...REAL, decideBarrier: barrier };
}

function undoesAtOnce({ events }: Transition, branch: string): boolean {
  const isTurnedBack = events.some((event) => event.kind === 'turned-back');
  return (
    isTurnedBack && events.some((event) => event.kind === 'sent' && event.op === 'undo' && event.branch === branch)
  );
}

function withoutPivot(definition: SagaDefinition): SagaDefinition {
  return { ...definition, steps: definition.steps.map((step) => ({ ...step, kind: 'compensatable' as const })) };
}
