import {
  type JsonObject,
  type SagaDefinition,
  type SagaStart,
  type Setting,
  startSaga,
  type Transition,
  withFirstStep,
} from '@florin/saga';
import type { Ledger } from './ledger.ts';
import type { Outcome, Submission } from './submission.ts';

/** Who works on the sagas of a shard; see the runner of `@florin/saga`. */
export interface SagaStarter {
  readonly holder: string;
  /** The database's clock, which deadlines follow. */
  nowMs(): number;
  started(transition: Transition): void;
}

/** A saga that begins: its id, what it is told, and what it is about. */
export interface NewSaga {
  readonly id: string;
  readonly input: JsonObject;
  readonly subject: string;
}

/**
 * Submits what begins a saga together with the saga's first step, so that both commit or neither; it is worked on at once
 * when it is new.
 */
export async function submitStart(
  runner: SagaStarter,
  ledger: Ledger,
  definition: SagaDefinition,
  submissionOf: (sagaOf: (saga: NewSaga) => SagaStart) => Submission,
): Promise<Outcome> {
  let started: Transition | undefined;
  const submission = submissionOf(({ id, input, subject }) => {
    started = beginSaga({ definition, nowMs: runner.nowMs(), random: 0 }, id, input);
    return { transition: started, subject, holder: runner.holder };
  });
  const outcome = await ledger.groupCommit.submit(submission);
  const isNew = outcome.kind === 'answered' && !outcome.isReplay && outcome.status < 400;
  if (isNew && started !== undefined) runner.started(started);
  return outcome;
}

/** The saga with its first step done: what that changes commits with it. */
export function beginSaga(setting: Setting, id: string, input: JsonObject): Transition {
  return withFirstStep(setting, startSaga(setting, { id, input }), { kind: 'applied', output: {} });
}
