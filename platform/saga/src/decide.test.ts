import { describe, expect, it } from 'vitest';
import type { SagaInput } from './decide.ts';
import type { Outcome } from './outcome.ts';
import {
  APPLIED,
  DEADLINE_MS,
  definitionOf,
  Play,
  REJECTED,
  RETRY,
  SAGA_ID,
  START_MS,
  STUCK,
  step,
  TRANSFER,
  TRIP,
  UNKNOWN,
} from './saga.fixture.ts';

const CANCEL: SagaInput = { kind: 'cancel', actor: 'alice', reason: 'changed her mind' };

/** Fails the command that is out until its attempts are used up. */
function exhaust(play: Play): Play {
  for (let failures = 0; failures < RETRY.attemptsMax; failures += 1) play.answer(UNKNOWN);
  return play;
}

describe('the way forward', () => {
  it('begins with its first command', () => {
    const play = new Play(TRANSFER);
    expect(play.last.command).toEqual({
      sagaId: SAGA_ID,
      sagaType: 'transfer',
      branch: 'hold',
      op: 'do',
      attempt: 1,
      participant: 'ledger',
      operation: 'do-hold',
      payload: { input: { amount: '10.00' }, outputs: {} },
    });
    expect(play.last.nextRunInMs).toBe(RETRY.answerMs);
    expect(play.saga).toMatchObject({ status: 'running', phase: 'sent', deadlineAtMs: START_MS + DEADLINE_MS });
  });

  it('does the steps in order, and hands on what they answered', () => {
    const play = new Play(TRANSFER).answer({ kind: 'applied', output: { holdId: 'h' } });
    expect(play.last.command?.payload.outputs).toEqual({ hold: { holdId: 'h' } });
    play.answer(APPLIED, APPLIED, APPLIED, APPLIED);
    expect(play.commands()).toEqual(['do hold', 'do screen', 'do post', 'do credit', 'do notify']);
    expect(play.saga).toMatchObject({ status: 'completed', phase: 'stopped', failure: null });
    expect(play.last).toMatchObject({ command: null, nextRunInMs: null });
  });

  it('asks again about what is pending, without counting that as a failure', () => {
    const play = new Play(TRANSFER);
    for (let round = 0; round < 20; round += 1) play.answer({ kind: 'pending' });
    expect(play.saga).toMatchObject({ status: 'running', failures: 0, phase: 'waiting' });
    expect(play.answer(APPLIED).sent).toBe('do screen #1');
  });

  it('sends the same again after a pause when nothing came back', () => {
    const play = new Play(TRANSFER).due();
    expect(play.saga).toMatchObject({ phase: 'waiting', failures: 1 });
    expect(play.sent).toBeNull();
    expect(play.due().sent).toBe('do hold #2');
  });

  it('waits longer and longer, up to a bound, by chance from half of it to all of it', () => {
    const slow = definitionOf([step('a', 'pivot', { retry: { ...RETRY, attemptsMax: 9 } })]);
    const pauses = (random: number): number[] => {
      const play = new Play(slow);
      play.random = random;
      return Array.from({ length: 6 }, () => play.answer(UNKNOWN).last.nextRunInMs ?? 0);
    };
    expect(pauses(0)).toEqual([50, 100, 200, 400, 500, 500]);
    expect(pauses(1)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });
});

describe('turning back', () => {
  it.each([
    ['the first step', [], ['do hold']],
    ['a step in the middle', [APPLIED], ['do hold', 'do screen', 'undo hold']],
    ['the pivot', [APPLIED, APPLIED], ['do hold', 'do screen', 'do post', 'undo hold']],
  ] as const)('undoes what was done when %s is rejected', (_, before, commands) => {
    const play = new Play(TRANSFER).answer(...before, REJECTED);
    if (play.saga.phase === 'sent') play.answer(APPLIED);
    expect(play.commands()).toEqual(commands);
    expect(play.saga).toMatchObject({ status: 'compensated', failure: { code: 'insufficient-funds' } });
  });

  it('C1: undoes in the reverse of the order', () => {
    const play = new Play(TRIP).answer(APPLIED, APPLIED, REJECTED, APPLIED, APPLIED);
    expect(play.commands()).toEqual(['do flight', 'do hotel', 'do car', 'undo hotel', 'undo flight']);
    expect(play.saga.status).toBe('compensated');
  });

  it('O7: undoes also the step whose outcome is unknown, when its attempts are used up', () => {
    const play = exhaust(new Play(TRIP).answer(APPLIED));
    expect(play.sent).toBe('undo hotel #1');
    expect(play.saga).toMatchObject({ status: 'compensating', failure: { code: 'no-answer' } });
    expect(play.answer(APPLIED, APPLIED).saga).toMatchObject({ status: 'compensated', undone: ['hotel', 'flight'] });
  });

  it('undoes a step that was only pending', () => {
    const play = new Play(TRIP).answer({ kind: 'pending' }).give(CANCEL);
    expect(play.sent).toBe('undo flight #1');
  });

  it('takes a step that was called off for one that never happens', () => {
    const play = new Play(TRIP).answer(APPLIED, { kind: 'too_late' });
    expect(play.sent).toBe('undo flight #1');
    expect(play.saga.failure?.code).toBe('called-off');
  });

  it('C5: passes over a step that changes nothing, and says so', () => {
    const play = exhaust(new Play(TRANSFER).answer(APPLIED));
    expect(play.sent).toBe('undo hold #1');
    expect(play.log).toContainEqual(expect.objectContaining({ kind: 'stepped-back', why: 'screen changes nothing' }));
  });

  it('C4: goes on undoing where it was, whoever goes on', () => {
    const play = new Play(TRIP).answer(APPLIED, APPLIED, REJECTED, UNKNOWN);
    expect(play.saga).toMatchObject({ stepIndex: 1, phase: 'waiting', attempt: 1 });
    expect(play.due().sent).toBe('undo hotel #2');
  });

  it('waits for an undoing that takes its time', () => {
    const play = new Play(TRIP).answer(APPLIED, REJECTED, { kind: 'pending' });
    expect(play.saga).toMatchObject({ status: 'compensating', phase: 'waiting' });
    expect(play.answer(APPLIED).saga.status).toBe('compensated');
  });

  it.each<[string, Outcome]>([
    ['an undo can not be too late', { kind: 'too_late' }],
    ['an error page', UNKNOWN],
  ])('sends an undo again when the answer makes no sense: %s', (_, outcome) => {
    const play = new Play(TRIP).answer(APPLIED, REJECTED, outcome);
    expect(play.saga).toMatchObject({ status: 'compensating', phase: 'waiting', failures: 1 });
  });

  it('takes for unknown that a do can not be compensated', () => {
    expect(new Play(TRIP).answer(STUCK).saga).toMatchObject({ status: 'running', phase: 'waiting', failures: 1 });
  });
});

describe('past the point of no return', () => {
  const atPost = () => new Play(TRANSFER).answer(APPLIED, APPLIED);
  const atCredit = () => atPost().answer(APPLIED);

  it.each([
    ['pivot', atPost],
    ['retriable step', atCredit],
  ])('O8: never turns back when the attempts at the %s are used up, asks for people and goes on', (_, at) => {
    const play = exhaust(at());
    expect(play.saga).toMatchObject({ status: 'needs_attention', direction: 'forward', phase: 'waiting' });
    for (let round = 0; round < 10; round += 1) play.answer(UNKNOWN);
    expect(play.log.filter((event) => event.kind === 'attention')).toHaveLength(1);
    expect(play.log.some((event) => event.kind === 'turned-back')).toBe(false);
    expect(play.answer(APPLIED).saga).toMatchObject({ status: 'running', attention: null });
  });

  it('stops and asks for people when a step that may not be refused is', () => {
    const play = atCredit().answer(REJECTED);
    expect(play.saga).toMatchObject({ status: 'needs_attention', phase: 'stopped', direction: 'forward' });
    expect(play.last).toMatchObject({ command: null, nextRunInMs: null });
    expect(play.try({ kind: 'due' })?.code).toBe('not-due');
  });

  it('does not let an older unknown decide anything about the newer attempt', () => {
    const play = atPost().answer(UNKNOWN).due();
    expect(play.try({ kind: 'reply', reply: play.reply(UNKNOWN, { attempt: 1 }) })?.code).toBe('stale-reply');
  });
});

describe('time and cancelling', () => {
  it('T1: turns back at the deadline when the pivot was not sent', () => {
    const play = new Play(TRANSFER).answer({ kind: 'pending' });
    play.nowMs = START_MS + DEADLINE_MS;
    play.give({ kind: 'due' });
    expect(play.sent).toBe('undo hold #1');
    expect(play.saga.failure?.code).toBe('deadline-passed');
  });

  it('T1: does not send the pivot once the deadline has passed', () => {
    const play = new Play(TRANSFER).answer(APPLIED);
    play.nowMs = START_MS + DEADLINE_MS;
    play.answer(APPLIED);
    expect(play.commands()).toEqual(['do hold', 'do screen', 'undo hold']);
  });

  it('T1: sends it when there is a millisecond left', () => {
    const play = new Play(TRANSFER).answer(APPLIED);
    play.nowMs = START_MS + DEADLINE_MS - 1;
    expect(play.answer(APPLIED).sent).toBe('do post #1');
  });

  it('T1: heeds no deadline after the pivot was sent', () => {
    const play = new Play(TRANSFER).answer(APPLIED, APPLIED);
    play.nowMs = START_MS + 2 * DEADLINE_MS;
    play.answer(UNKNOWN, APPLIED, APPLIED, APPLIED);
    expect(play.saga.status).toBe('completed');
  });

  it('T1: asks for people when the pivot is still pending at the deadline, and goes on asking', () => {
    const play = new Play(TRANSFER).answer(APPLIED, APPLIED);
    play.nowMs = START_MS + DEADLINE_MS;
    play.answer({ kind: 'pending' });
    expect(play.saga).toMatchObject({ status: 'needs_attention', direction: 'forward', phase: 'waiting' });
    expect(play.answer(APPLIED).saga).toMatchObject({ status: 'running', stepIndex: 3 });
  });

  it('wakes in time for its deadline', () => {
    const play = new Play(definitionOf(TRIP.steps, { deadlineMs: 120 }));
    play.nowMs += 100;
    expect(play.answer(UNKNOWN).last.nextRunInMs).toBe(20);
    expect(play.due().saga.failure?.code).toBe('deadline-passed');
  });

  it('T2: what succeeds late changes nothing, it is undone', () => {
    const play = new Play(TRIP).give(CANCEL);
    const late = { ...play.reply(APPLIED), op: 'do' as const };
    expect(play.try({ kind: 'reply', reply: late })?.code).toBe('stale-reply');
    expect(play.sent).toBe('undo flight #1');
  });

  it('T3: a cancelling before the pivot wins, one after it is refused', () => {
    expect(new Play(TRANSFER).answer(APPLIED).give(CANCEL).sent).toBe('undo hold #1');
    const sent = new Play(TRANSFER).answer(APPLIED, APPLIED);
    expect(sent.try(CANCEL)?.code).toBe('past-no-return');
    expect(sent.sent).toBe('do post #1');
  });

  it('says who called it off and why', () => {
    const play = new Play(TRIP).give(CANCEL);
    expect(play.log).toContainEqual(expect.objectContaining({ kind: 'turned-back', actor: 'alice' }));
    expect(play.saga.failure).toEqual({ code: 'cancelled', detail: 'changed her mind' });
    expect(play.try(CANCEL)?.code).toBe('past-no-return');
  });
});

describe('O3: answers to something else', () => {
  const play = new Play(TRIP).answer(APPLIED).answer(UNKNOWN).due();
  it.each([
    ['another step', play.reply(APPLIED, { branch: 'flight' })],
    ['a step it does not have', play.reply(APPLIED, { branch: 'train' })],
    ['the other way', play.reply(APPLIED, { op: 'undo' })],
    ['an attempt that was not made', play.reply(APPLIED, { attempt: 3 })],
    ['attempt 0', play.reply(APPLIED, { attempt: 0 })],
    ['an older attempt, that it is pending', play.reply({ kind: 'pending' }, { attempt: 1 })],
  ])('are ignored: %s', (_, reply) => {
    const before = play.saga;
    expect(play.try({ kind: 'reply', reply })?.code).toBe('stale-reply');
    expect(play.saga).toBe(before);
  });

  it('but what is certain counts of an older attempt too: it was the same command', () => {
    const again = new Play(TRIP).answer(UNKNOWN).due();
    again.give({ kind: 'reply', reply: again.reply(APPLIED, { attempt: 1 }) });
    expect(again.sent).toBe('do hotel #1');
  });

  it('counts while it pauses', () => {
    const pausing = new Play(TRIP).due();
    pausing.give({ kind: 'reply', reply: pausing.reply(APPLIED) });
    expect(pausing.sent).toBe('do hotel #1');
  });

  it('does not count again while it pauses that nobody knows, nor that it is pending', () => {
    const pausing = new Play(TRIP).answer(UNKNOWN);
    for (const outcome of [UNKNOWN, { kind: 'pending' } as const]) {
      expect(pausing.try({ kind: 'reply', reply: pausing.reply(outcome) })?.code).toBe('stale-reply');
    }
    expect(pausing.saga.failures).toBe(1);
  });

  it.each<[string, Outcome[]]>([
    ['completed', [APPLIED, APPLIED, APPLIED]],
    ['compensated', [REJECTED]],
  ])('are ignored when it is %s, as is all else', (status, outcomes) => {
    const over = new Play(TRIP).answer(...outcomes);
    expect(over.saga.status).toBe(status);
    const inputs: SagaInput[] = [
      { kind: 'due' },
      { kind: 'reply', reply: over.reply(APPLIED) },
      CANCEL,
      over.staff('retry'),
      over.staff('resolve'),
      { kind: 'poison', message: 'it threw' },
    ];
    for (const input of inputs) expect(over.try(input)?.code).toBe('already-final');
  });
});
