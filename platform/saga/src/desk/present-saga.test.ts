import { describe, expect, it } from 'vitest';
import { APPLIED, definitionOf, Play, REJECTED, RETRY, STUCK, TRANSFER, TRIP, UNKNOWN } from '../saga.fixture.ts';
import { presentDetail } from './present-saga.ts';

const UPDATED = new Date('2026-06-01T10:00:00Z');

function detail(play: Play, isKnown = true) {
  const record = { saga: play.saga, subject: 'a trip', updatedAt: UPDATED };
  return presentDetail(record, play.log, isKnown ? play.definition : undefined);
}

const states = (play: Play) => detail(play).steps.map(({ name, state }) => `${name} ${state}`);
const names = TRIP.steps.map(({ name }) => name);

describe('the steps of a saga', () => {
  it.each<[string, Play, string[]]>([
    ['that began', new Play(TRIP), ['in_flight', 'pending', 'pending']],
    ['that pauses', new Play(TRIP).answer(APPLIED, UNKNOWN), ['applied', 'waiting', 'pending']],
    ['that is completed', new Play(TRIP).answer(APPLIED, APPLIED, APPLIED), ['applied', 'applied', 'applied']],
    ['that goes back', new Play(TRIP).answer(APPLIED, APPLIED, REJECTED), ['applied', 'in_flight', 'rejected']],
    [
      'that is stuck on the way back',
      new Play(TRIP).answer(APPLIED, APPLIED, REJECTED, STUCK),
      ['applied', 'applied', 'rejected'],
    ],
    ['that is undone', new Play(TRIP).answer(APPLIED, REJECTED, APPLIED), ['undone', 'rejected', 'skipped']],
  ])('of one %s', (_, play, expected) => {
    expect(states(play)).toEqual(expected.map((state, index) => `${names[index]} ${state}`));
  });

  it('that nobody answered for are unknown when it stands still', () => {
    const play = new Play(TRIP).answer(APPLIED).give({ kind: 'poison', message: 'it threw' });
    expect(states(play)[1]).toBe('hotel unknown');
  });

  it('count what was sent', () => {
    expect(detail(new Play(TRIP).answer(UNKNOWN, UNKNOWN, APPLIED)).steps[0]?.attempts).toBe(3);
  });
});

describe('the timeline', () => {
  const stuck = () => new Play(TRANSFER).answer(APPLIED, UNKNOWN, APPLIED, APPLIED, REJECTED);

  it('has every event, in order and without gaps, and names its attention', () => {
    const play = stuck();
    const { timeline, attentionSeq, attention, status, step } = detail(play);
    expect(timeline.map(({ seq }) => seq)).toEqual(play.log.map((_, index) => index + 1));
    expect([status, step]).toEqual(['needs_attention', TRANSFER.steps[play.saga.stepIndex]?.name]);
    expect(timeline.find(({ seq }) => seq === attentionSeq)).toMatchObject({ kind: 'attention', reason: attention });
  });

  it('says what was answered, how long it waited, and who did what and why', () => {
    const { timeline } = detail(stuck().act('resolve'));
    expect(timeline[0]).toMatchObject({ kind: 'started', at: new Date(1_000_000).toISOString() });
    expect(timeline).toContainEqual(
      expect.objectContaining({ kind: 'answered', outcome: 'unknown', detail: 'a page of HTML' }),
    );
    expect(timeline).toContainEqual(
      expect.objectContaining({ kind: 'paused', detail: expect.stringMatching(/^for \d+ ms$/) }),
    );
    expect(timeline).toContainEqual(
      expect.objectContaining({ kind: 'answered', outcome: 'rejected', reason: 'insufficient-funds' }),
    );
    expect(timeline).toContainEqual(
      expect.objectContaining({
        kind: 'resolved',
        actor: 'tessa',
        reason: 'seen to',
        detail: 'approved by sam; journal 7',
      }),
    );
  });

  it('says where it turned back, by whom, and why it stepped over what', () => {
    const play = new Play(TRIP).answer(APPLIED).give({ kind: 'cancel', actor: 'alice', reason: 'changed her mind' });
    expect(detail(play).timeline).toContainEqual(
      expect.objectContaining({ kind: 'turned-back', actor: 'alice', reason: 'cancelled: changed her mind' }),
    );
    const rejected = new Play(TRIP).answer(APPLIED, REJECTED);
    expect(detail(rejected).timeline).toContainEqual(
      expect.objectContaining({ kind: 'stepped-back', step: 'flight', detail: 'hotel was rejected' }),
    );
  });

  it('can be read when only another version of the service has the definition', () => {
    const play = new Play(definitionOf(TRIP.steps)).answer(...Array.from({ length: RETRY.attemptsMax }, () => UNKNOWN));
    const seen = detail(play, false);
    expect([seen.steps, seen.step]).toEqual([[], null]);
    expect(seen.timeline).toHaveLength(play.log.length);
  });
});
