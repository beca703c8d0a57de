import { describe, expect, it } from 'vitest';
import {
  APPLIED,
  APPROVAL,
  definitionOf,
  Play,
  REJECTED,
  RETRY,
  STUCK,
  TRANSFER,
  TRIP,
  UNKNOWN,
} from './saga.fixture.ts';

const INDEPENDENT = definitionOf(TRIP.steps, { compensation: 'independent' });

/** A trip whose car was refused, so that the hotel is to be undone, then the flight. */
const goingBack = (definition = TRIP) => new Play(definition).answer(APPLIED, APPLIED, REJECTED);

describe('C3: an undoing that keeps failing', () => {
  it('asks for people once, and goes on trying', () => {
    const play = goingBack();
    for (let failures = 0; failures < RETRY.attemptsMax + 5; failures += 1) play.answer(UNKNOWN);
    expect(play.saga).toMatchObject({ status: 'needs_attention', phase: 'waiting', direction: 'backward' });
    expect(play.log.filter((event) => event.kind === 'attention')).toHaveLength(1);
    expect(play.answer(APPLIED).saga).toMatchObject({ status: 'compensating', attention: null });
  });

  it('can be told to try again at once, with the failures counted afresh', () => {
    const play = goingBack();
    for (let failures = 0; failures < RETRY.attemptsMax; failures += 1) play.answer(UNKNOWN);
    play.act('retry');
    expect(play.sent).toBe('undo hotel #4');
    expect(play.saga).toMatchObject({ status: 'compensating', failures: 0, attention: null });
    expect(play.log).toContainEqual(expect.objectContaining({ kind: 'retried', ...APPROVAL }));
  });
});

describe('P10: what can not be undone', () => {
  it('holds the others up when they are undone in order', () => {
    const play = goingBack().answer(STUCK);
    expect(play.saga).toMatchObject({ status: 'needs_attention', phase: 'stopped', uncompensated: [] });
    expect(play.commands().at(-1)).toBe('undo hotel');
    expect(play.try({ kind: 'due' })?.code).toBe('not-due');
  });

  it('may be tried again by people, and then goes on', () => {
    const play = goingBack().answer(STUCK).act('retry').answer(APPLIED, APPLIED);
    expect(play.saga).toMatchObject({ status: 'compensated', undone: ['hotel', 'flight'] });
  });

  it('may be seen to by people, and then goes on', () => {
    const play = goingBack().answer(STUCK).act('resolve');
    expect(play.sent).toBe('undo flight #1');
    expect(play.log).toContainEqual(expect.objectContaining({ kind: 'resolved', branch: 'hotel', ...APPROVAL }));
    expect(play.answer(APPLIED).saga).toMatchObject({ status: 'compensated', undone: ['hotel', 'flight'] });
  });

  it('does not hold the others up when they are independent, and is asked about at the end', () => {
    const play = goingBack(INDEPENDENT).answer(STUCK, APPLIED);
    expect(play.saga).toMatchObject({ status: 'needs_attention', phase: 'stopped', stepIndex: -1, undone: ['flight'] });
    expect(play.saga).toMatchObject({ uncompensated: ['hotel'], attention: 'left undone: hotel' });
  });

  it('may be tried again when all else is undone', () => {
    const play = goingBack(INDEPENDENT).answer(STUCK, APPLIED).act('retry');
    expect(play.sent).toBe('undo hotel #1');
    expect(play.answer(APPLIED).saga).toMatchObject({ status: 'compensated', uncompensated: [] });
  });

  it('is tried again one after the other when several were left, and asked about until none is', () => {
    const play = goingBack(INDEPENDENT).answer(STUCK, STUCK);
    expect(play.saga).toMatchObject({ status: 'needs_attention', uncompensated: ['hotel', 'flight'] });
    play.act('retry').answer(APPLIED);
    expect(play.saga).toMatchObject({ status: 'needs_attention', uncompensated: ['flight'] });
    expect(play.act('retry').answer(APPLIED).saga.status).toBe('compensated');
  });

  it('may be seen to by people all at once', () => {
    const play = goingBack(INDEPENDENT).answer(STUCK, STUCK).act('resolve');
    expect(play.saga).toMatchObject({ status: 'compensated', uncompensated: [], undone: ['hotel', 'flight'] });
  });
});

describe('people', () => {
  it('are not needed by a saga that helps itself', () => {
    for (const kind of ['retry', 'resolve'] as const) {
      for (const play of [new Play(TRIP), goingBack()]) {
        expect(play.try(play.staff(kind))?.code).toBe('needs-no-attention');
      }
    }
  });

  it('who speak late settle nothing: it went on, and what it asks now is another question', () => {
    const play = goingBack().answer(STUCK);
    const late = play.staff('resolve');
    play.act('resolve').answer(STUCK);
    expect(play.saga).toMatchObject({ status: 'needs_attention', attention: expect.stringContaining('flight') });
    expect(play.try(late)).toMatchObject({ code: 'attention-passed', detail: expect.stringContaining('flight') });
    expect(play.act('resolve').saga.status).toBe('compensated');
  });

  it('answer what they were asked, also when it went on trying meanwhile', () => {
    const play = goingBack().answer(...Array.from({ length: RETRY.attemptsMax }, () => UNKNOWN));
    const asked = play.staff('retry');
    const { attentionSeq } = play.saga;
    expect(play.log.find(({ seq }) => seq === attentionSeq)).toMatchObject({ kind: 'attention' });
    play.answer(UNKNOWN, UNKNOWN);
    expect(play.saga.seq).toBeGreaterThan((attentionSeq ?? 0) + 2);
    expect(play.give(asked).saga).toMatchObject({ status: 'compensating', attentionSeq: null });
  });

  it('are asked anew when it was refused while it went on trying', () => {
    const play = new Play(TRANSFER).answer(APPLIED, APPLIED, APPLIED);
    play.answer(...Array.from({ length: RETRY.attemptsMax }, () => UNKNOWN));
    const asked = play.staff('resolve');
    play.answer(REJECTED);
    expect(play.try(asked)?.code).toBe('attention-passed');
    expect(play.act('resolve').sent).toBe('do notify #1');
  });

  it('may say that a refused step after the pivot was done by hand, which ends it', () => {
    const play = new Play(TRANSFER).answer(APPLIED, APPLIED, APPLIED, REJECTED).act('resolve');
    expect(play.sent).toBe('do notify #1');
    expect(play.answer(APPLIED).saga.status).toBe('completed');
  });

  it('can not call off what is past the point of no return', () => {
    const play = new Play(TRANSFER).answer(APPLIED, APPLIED, APPLIED, REJECTED);
    expect(play.try({ kind: 'cancel', actor: 'alice', reason: 'no' })?.code).toBe('past-no-return');
  });
});

describe('O9: a saga whose deciding threw', () => {
  const poisoned = () => new Play(TRIP).answer(APPLIED).give({ kind: 'poison', message: 'it threw' });

  it('is set aside with the reason, and takes no answers', () => {
    const play = poisoned();
    expect(play.saga).toMatchObject({ status: 'needs_attention', phase: 'stopped', attention: 'it threw' });
    expect(play.last).toMatchObject({ command: null, nextRunInMs: null });
    expect(play.try({ kind: 'reply', reply: play.reply(APPLIED) })?.code).toBe('stale-reply');
  });

  it('goes on when people say so', () => {
    expect(poisoned().act('retry').sent).toBe('do hotel #2');
  });

  it('may still be called off', () => {
    const play = poisoned().give({ kind: 'cancel', actor: 'alice', reason: 'no' });
    expect(play.sent).toBe('undo hotel #1');
    expect(play.saga).toMatchObject({ status: 'compensating', attention: null });
  });
});

describe('V1: another version of the definition', () => {
  it('leaves a saga that began with the older one to the older one', () => {
    const play = new Play(TRIP);
    expect(play.saga.definitionVersion).toBe(TRIP.version);
    expect(play.answer(APPLIED, APPLIED, APPLIED).saga).toMatchObject({ status: 'completed', definitionVersion: 1 });
  });
});
