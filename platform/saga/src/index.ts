export {
  type BarrierDecision,
  type BarrierRecord,
  decideBarrier,
  SAGA_AGE_MS_MAX,
  sagaBeganAtMs,
  TOMBSTONE,
  TOO_OLD,
  UNDONE,
} from './barrier.ts';
export { decide, type Ignored, type SagaInput, startSaga } from './decide.ts';
export {
  checkDefinition,
  type DefinitionFailure,
  pivotIndexOf,
  type RetryPolicy,
  type SagaDefinition,
  type StepDefinition,
  type StepKind,
} from './definition.ts';
export { replay } from './evolve.ts';
export {
  type Json,
  type JsonObject,
  type Op,
  type Outcome,
  readOutcome,
  readReply,
  type SagaCommand,
  type SagaReply,
  unknownOutcome,
} from './outcome.ts';
export type { ActionFailure, PendingAction } from './pending-actions/pending-action.ts';
export { createAction, decideAction, findAction, listActions } from './pending-actions/pending-action-rows.ts';
export { type Approval, isFinal, type LoggedEvent, type Saga, type SagaEvent, type SagaStatus } from './saga.ts';
export { sagaMigrations } from './saga-migrations.ts';
export type { Setting, Transition } from './transition.ts';
