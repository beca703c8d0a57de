import { fail, invariant, ok, type Result } from '@florin/primitives';
import type { JsonObject, Outcome, SagaReply } from './outcome.ts';
import { type Approval, isFinal, type Saga } from './saga.ts';
import { canTurnBack, Draft, pauseAfter, type Setting, stepAt, type Transition } from './transition.ts';

/** What can happen to a saga from outside. */
export type SagaInput =
  /** Its time has come: a pause is over, or an answer is overdue. */
  | { readonly kind: 'due' }
  | { readonly kind: 'reply'; readonly reply: SagaReply }
  | { readonly kind: 'cancel'; readonly actor: string; readonly reason: string }
  | StaffInput
  /** Deciding threw: it is set aside for people, so that it can not hold up the others. */
  | { readonly kind: 'poison'; readonly message: string };

/** What two people decided about one attention of a saga: the event with that number, and no other. */
export interface StaffInput extends Approval {
  readonly kind: 'retry' | 'resolve';
  readonly attentionSeq: number;
}

/** Why an input changed nothing. */
export interface Ignored {
  readonly code:
    | 'already-final'
    | 'stale-reply'
    | 'past-no-return'
    | 'needs-no-attention'
    | 'attention-passed'
    | 'not-due';
  readonly detail: string;
}

/** Begins a saga: its first command is part of the beginning. */
export function startSaga(setting: Setting, start: { readonly id: string; readonly input: JsonObject }): Transition {
  const { definition, nowMs } = setting;
  const draft = new Draft(setting, undefined);
  draft.add({
    kind: 'started',
    id: start.id,
    type: definition.type,
    definitionVersion: definition.version,
    input: start.input,
    deadlineAtMs: nowMs + definition.deadlineMs,
  });
  draft.send();
  return draft.finish();
}

/**
 * What a saga does about an input. Pure: the same input at the same moment decides the same. An input that does not
 * concern the saga as it is fails with why, and changes nothing.
 */
export function decide(setting: Setting, saga: Saga, input: SagaInput): Result<Transition, Ignored> {
  if (isFinal(saga)) return ignored('already-final', `It is over; it is ${saga.status}.`);
  const draft = new Draft(setting, saga);
  const why = apply(draft, input);
  return why === null ? ok(draft.finish()) : fail(why);
}

function apply(draft: Draft, input: SagaInput): Ignored | null {
  switch (input.kind) {
    case 'due':
      return due(draft);
    case 'reply':
      return replied(draft, input.reply);
    case 'cancel':
      return cancelled(draft, input.actor, input.reason);
    case 'retry':
    case 'resolve':
      return acted(draft, input);
    case 'poison':
      draft.add({ kind: 'attention', reason: input.message, isStopped: true });
      return null;
  }
}

function due(draft: Draft): Ignored | null {
  if (draft.saga.phase === 'stopped') return ignored('not-due', 'it waits for people').failure;
  if (draft.saga.phase === 'sent') unanswered(draft, 'no answer in time');
  else if (isOverdue(draft)) turnBack(draft, 'deadline-passed', OVERDUE);
  else draft.send();
  return null;
}

/** An answer counts when it is to the command that is out. An older attempt of it was the same command. */
function replied(draft: Draft, { branch, op, attempt, outcome }: SagaReply): Ignored | null {
  const { saga, setting } = draft;
  const isAtStep = saga.stepIndex >= 0 && stepAt(setting.definition, saga.stepIndex).name === branch;
  const isSameWay = op === (saga.direction === 'forward' ? 'do' : 'undo');
  const wasSent = attempt >= 1 && attempt <= saga.attempt;
  // Of an older attempt only what is certain counts: that one was not answered says nothing about the newer one.
  const isCertain = outcome.kind !== 'unknown' && outcome.kind !== 'pending';
  const counts =
    isAtStep && isSameWay && wasSent && (attempt === saga.attempt || isCertain) && saga.phase !== 'stopped';
  if (!counts || (saga.phase === 'waiting' && !isCertain)) {
    return ignored('stale-reply', `${op} ${branch} #${attempt}: ${outcome.kind} is not what it waits for`).failure;
  }
  if (saga.direction === 'forward') forward(draft, branch, attempt, outcome);
  else backward(draft, branch, attempt, outcome);
  return null;
}

function forward(draft: Draft, branch: string, attempt: number, outcome: Outcome): void {
  if (outcome.kind === 'unknown') unanswered(draft, outcome.detail);
  else if (outcome.kind === 'cannot_compensate') unanswered(draft, 'an answer that a step can not have');
  else {
    draft.add({ kind: 'answered', branch, op: 'do', attempt, outcome });
    if (outcome.kind === 'applied') advance(draft);
    else if (outcome.kind === 'pending') stillPending(draft);
    else if (outcome.kind === 'rejected') refused(draft, outcome.code, outcome.detail);
    else refused(draft, 'called-off', 'It was called off before it came.');
  }
}

/** It did not happen and never will: before and at the pivot that is a reason to turn back, after it people must look. */
function refused(draft: Draft, code: string, detail: string): void {
  const { name, kind } = stepAt(draft.setting.definition, draft.saga.stepIndex);
  if (kind === 'retriable') draft.add({ kind: 'attention', reason: `${name} was refused: ${code}`, isStopped: true });
  else turnBack(draft, code, detail);
}

function advance(draft: Draft): void {
  const { saga, setting } = draft;
  const next = saga.stepIndex + 1;
  if (next === setting.definition.steps.length) {
    draft.add({ kind: 'completed' });
    return;
  }
  draft.add({ kind: 'advanced', step: next });
  if (isOverdue(draft)) turnBack(draft, 'deadline-passed', OVERDUE);
  else draft.send();
}

const OVERDUE = 'The time allowed for it is over.';

function backward(draft: Draft, branch: string, attempt: number, outcome: Outcome): void {
  if (outcome.kind === 'unknown') unanswered(draft, outcome.detail);
  else if (outcome.kind === 'too_late') unanswered(draft, 'an answer that an undoing can not have');
  else {
    draft.add({ kind: 'answered', branch, op: 'undo', attempt, outcome });
    if (outcome.kind === 'applied') goBack(draft, draft.saga.stepIndex - 1);
    else if (outcome.kind === 'pending') stillPending(draft);
    else notUndone(draft, branch, outcome.detail);
  }
}

function notUndone(draft: Draft, branch: string, detail: string): void {
  if (draft.setting.definition.compensation === 'in-order') {
    draft.add({ kind: 'attention', reason: `${branch} can not be undone: ${detail}`, isStopped: true });
    return;
  }
  draft.add({ kind: 'left-undone', branch });
  goBack(draft, draft.saga.stepIndex - 1);
}

/** Nobody knows what became of a command: it is sent again after a pause, or it was the last attempt. */
function unanswered(draft: Draft, detail: string): void {
  const { saga, setting } = draft;
  const step = stepAt(setting.definition, saga.stepIndex);
  const op = saga.direction === 'forward' ? 'do' : 'undo';
  draft.add({
    kind: 'answered',
    branch: step.name,
    op,
    attempt: saga.attempt,
    outcome: { kind: 'unknown', detail },
  });
  const { failures } = draft.saga;
  const isExhausted = failures >= step.retry.attemptsMax;
  if (canTurnBack(setting.definition, saga) && (isExhausted || isOverdue(draft))) {
    turnBack(draft, isExhausted ? 'no-answer' : 'deadline-passed', `${step.name}: ${detail}`);
    return;
  }
  // Past the point of no return it never gives up: it asks for people, and goes on trying meanwhile.
  if (isExhausted && saga.status !== 'needs_attention') {
    draft.add({ kind: 'attention', reason: `${op} ${step.name} is not answered: ${detail}`, isStopped: false });
  }
  draft.pause(pauseAfter(step.retry, failures, setting.random));
}

function stillPending(draft: Draft): void {
  const { saga, setting } = draft;
  const isLate = setting.nowMs >= saga.deadlineAtMs;
  if (isLate && canTurnBack(setting.definition, saga)) {
    turnBack(draft, 'deadline-passed', OVERDUE);
    return;
  }
  const step = stepAt(setting.definition, saga.stepIndex);
  if (isLate && saga.status !== 'needs_attention') {
    draft.add({ kind: 'attention', reason: `${step.name} is still pending after the deadline`, isStopped: false });
  }
  draft.pause(pauseAfter(step.retry, 1, setting.random));
}

function isOverdue({ saga, setting }: Draft): boolean {
  return setting.nowMs >= saga.deadlineAtMs && canTurnBack(setting.definition, saga);
}

/** From here on everything is undone, beginning with the step whose outcome may be unknown. */
function turnBack(draft: Draft, code: string, detail: string, actor: string | null = null): void {
  const { stepIndex, attempt } = draft.saga;
  draft.add({ kind: 'turned-back', code, detail, actor });
  const wasSent = attempt > 0;
  if (!wasSent) draft.add({ kind: 'stepped-back', step: stepIndex - 1, why: 'was never sent' });
  goBack(draft, wasSent ? stepIndex : stepIndex - 1);
}

/** Undoes the first step at or below an index that needs it; when none does, the saga is over. */
function goBack(draft: Draft, fromIndex: number): void {
  let index = fromIndex;
  for (; index >= 0; index -= 1) {
    if (draft.saga.stepIndex !== index)
      draft.add({ kind: 'stepped-back', step: index, why: 'what came after is undone' });
    const needless = whyNeedless(draft, index);
    if (needless === null) {
      draft.send();
      return;
    }
    draft.add({ kind: 'stepped-back', step: index - 1, why: needless });
  }
  if (draft.saga.stepIndex !== -1) draft.add({ kind: 'stepped-back', step: -1, why: 'what came after is undone' });
  const { uncompensated } = draft.saga;
  if (uncompensated.length === 0) draft.add({ kind: 'compensated' });
  else draft.add({ kind: 'attention', reason: `left undone: ${uncompensated.join(', ')}`, isStopped: true });
}

function whyNeedless({ setting, saga }: Draft, index: number): string | null {
  const { name, undo } = stepAt(setting.definition, index);
  if (undo === null) return `${name} changes nothing`;
  if (saga.rejected.includes(name)) return `${name} was rejected`;
  if (saga.undone.includes(name)) return `${name} is undone already`;
  return saga.uncompensated.includes(name) ? `${name} is left to people` : null;
}

function cancelled(draft: Draft, actor: string, reason: string): Ignored | null {
  if (!canTurnBack(draft.setting.definition, draft.saga)) {
    return ignored('past-no-return', 'it can not be called off any more').failure;
  }
  turnBack(draft, 'cancelled', reason, actor);
  return null;
}

function acted(draft: Draft, input: StaffInput): Ignored | null {
  const passed = whyPassed(draft.saga, input.attentionSeq);
  if (passed !== null) return passed;
  const { by, approvedBy, reason, evidence } = input;
  const approval = { by, approvedBy, reason, evidence };
  if (input.kind === 'retry') retried(draft, approval);
  else resolved(draft, approval);
  return null;
}

/** Why there is nothing to be done about an attention of a saga any more; null when that is what it waits for. */
export function whyPassed({ status, attention, attentionSeq }: Saga, askedAboutSeq: number): Ignored | null {
  if (status !== 'needs_attention') return { code: 'needs-no-attention', detail: `It has gone on; it is ${status}.` };
  if (attentionSeq === askedAboutSeq) return null;
  return { code: 'attention-passed', detail: `It has gone on; now it needs somebody because: ${attention}` };
}

function retried(draft: Draft, approval: Approval): void {
  draft.add({ kind: 'retried', ...approval });
  if (draft.saga.stepIndex >= 0) {
    draft.send();
    return;
  }
  const { steps } = draft.setting.definition;
  const index = steps.findLastIndex((step) => draft.saga.uncompensated.includes(step.name));
  invariant(index >= 0, 'what went back past its first step has left something undone');
  draft.add({ kind: 'stepped-back', step: index, why: 'people said to try again' });
  draft.send();
}

/** People have seen to the step by hand: it counts as done, or as undone. */
function resolved(draft: Draft, approval: Approval): void {
  const { stepIndex, direction } = draft.saga;
  const branch = stepIndex < 0 ? null : stepAt(draft.setting.definition, stepIndex).name;
  draft.add({ kind: 'resolved', branch, ...approval });
  if (direction === 'forward') advance(draft);
  else goBack(draft, stepIndex - 1);
}

function ignored(code: Ignored['code'], detail: string) {
  return fail<Ignored>({ code, detail });
}
