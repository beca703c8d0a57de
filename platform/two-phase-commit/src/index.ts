export { type BranchWork, commitBranch, type PrepareOptions, prepareBranch, rollbackBranch } from './branch.ts';
export { type Branch, branchOfName, preparedName } from './branch-name.ts';
export {
  type Coordinator,
  type CoordinatorOptions,
  createCoordinator,
  TWO_PHASE_POINTS,
  type TwoPhaseOutcome,
  type TwoPhasePoint,
} from './coordinator.ts';
export { type Decision, type DecisionLog, decisionLog } from './decision-log.ts';
export { type InDoubt, listInDoubt } from './in-doubt.ts';
export {
  type LocalParticipant,
  type LocalParticipantOptions,
  localParticipant,
  type TwoPhaseParticipant,
} from './participant.ts';
export { listPrepared, type PreparedBranch } from './prepared.ts';
export {
  type AbortReason,
  type Acknowledgement,
  actionOnPrepared,
  judgeMissing,
  type LogAnswer,
  type Marker,
  mayPrepare,
  type Obstacle,
  type Outcome,
  type PreparedAction,
  type Proposal,
  progress,
  propose,
  standing,
  type Vote,
} from './protocol.ts';
export { purgeTwoPhase } from './purge.ts';
export { type Resolution, type ResolverOptions, resolveInDoubt } from './resolver.ts';
export { checkTwoPhaseSettings } from './settings-check.ts';
export { twoPhaseMigrations } from './two-phase-migrations.ts';
export type { DecisionsFor } from './whose-branch.ts';
