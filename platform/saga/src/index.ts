export {
  type BarrierDecision,
  type BarrierRecord,
  decideBarrier,
  MISMATCH,
  SAGA_AGE_MS_MAX,
  TOMBSTONE,
  TOO_OLD,
  UNDONE,
} from './barrier.ts';
export { purgeBarrier } from './barrier-records.ts';
export {
  type CommandConsumerOptions,
  overBroker,
  type ReplySubscriptionOptions,
  sagaCommandConsumer,
  sagaReplySubscription,
} from './broker-transport.ts';
export {
  beginTracking,
  type Choreography,
  checkChoreography,
  isStuck,
  noteFact,
  type Reaction,
  reactionTo,
  type Tracking,
  waitsFor,
} from './choreography.ts';
export { decide, type Ignored, type SagaInput, type StaffInput, startSaga, withFirstStep } from './decide.ts';
export {
  checkDefinition,
  type DefinitionFailure,
  pivotIndexOf,
  type RetryPolicy,
  type SagaDefinition,
  type StepDefinition,
  type StepKind,
} from './definition.ts';
export type { SagaDesk, SagaHost } from './desk/saga-desk.ts';
export { sagaDeskEndpoints } from './desk/saga-desk-endpoints.ts';
export { FAULT_POINTS, type FaultPoint } from './dispatch.ts';
export { replay } from './evolve.ts';
export { fingerprintOf } from './fingerprint.ts';
export { type HttpTransportOptions, overHttp, sagaCommandEndpoint } from './http-transport.ts';
export type { SagaNotFound } from './inputs.ts';
export { local } from './local-transport.ts';
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
export { limitWaits, type Operation, type ParticipantOptions, runParticipant, takeCommand } from './participant.ts';
export type { ActionFailure, PendingAction } from './pending-actions/pending-action.ts';
export { createAction, decideAction, findAction, listActions } from './pending-actions/pending-action-rows.ts';
export { openSagaRunner, type SagaRunner, type SagaRunnerOptions } from './runner.ts';
export { RUNNER_LIMITS, type RunnerLimits } from './runner-limits.ts';
export { type Approval, isFinal, type LoggedEvent, type Saga, type SagaEvent, type SagaStatus } from './saga.ts';
export { sagaMigrations } from './saga-migrations.ts';
export { type SagaRecord, type SagaSearch, type SagaStart, startStatements } from './store.ts';
export type { Setting, Transition } from './transition.ts';
export type { DirectTransport, OutboxTransport, Transport } from './transport.ts';
