import { describe, expect, it } from 'vitest';
import {
  type Failure,
  type Intent,
  type IntentEvent,
  isOpen,
  KEY_USABLE_MS,
  RETRY_WAIT_MAX_MS,
  RETRY_WAITS_MS,
  reduceIntent,
} from './intent.ts';

type TestIntent = Intent<string, { readonly amount: string }, { readonly id: string }>;
type TestEvent = IntentEvent<string, { readonly amount: string }, { readonly id: string }>;
type Of<Step extends TestIntent['step']> = Extract<TestIntent, { step: Step }>;

const NOW = 1_800_000_000_000;
const command = { amount: '12.50' };
const key = 'key-1';

const form: Of<'form'> = { step: 'form', draft: 'typed' };
const review: Of<'review'> = { step: 'review', draft: 'typed', command, key };
const sending: Of<'sending'> = {
  step: 'sending',
  draft: 'typed',
  command,
  key,
  confirmedAtMs: NOW,
  failures: 0,
  waitMs: 0,
  isUnsure: false,
};
const unsure: Of<'sending'> = { ...sending, isUnsure: true };
const unknown: Of<'unknown'> = {
  step: 'unknown',
  draft: 'typed',
  command,
  key,
  confirmedAtMs: NOW,
  isTooOld: false,
};
const tooOld: Of<'unknown'> = { ...unknown, isTooOld: true };
const challenge = {
  id: 'challenge-1',
  hash: 'h',
  payee: { iban: 'NL91ABNA0417164300', name: null },
  amount: { amount: '12.50', currency: 'EUR' },
  expiresAt: '2027-01-15T08:05:00Z',
};
const confirming: Of<'confirming'> = {
  step: 'confirming',
  draft: 'typed',
  command,
  key,
  confirmedAtMs: NOW,
  challenge,
};
const done: Of<'done'> = { step: 'done', command, answer: { id: 't' } };
const everyStep: TestIntent[] = [form, review, sending, unsure, confirming, unknown, tooOld, done];

const UNSURE: Failure = { kind: 'unsure', retryAfterMs: 0 };
const BUSY: Failure = { kind: 'busy', retryAfterMs: 1_000 };

function after(intent: TestIntent, ...events: readonly TestEvent[]): TestIntent {
  return events.reduce(reduceIntent<string, { readonly amount: string }, { readonly id: string }>, intent);
}

function failed(failure: Failure, nowMs: number = NOW): TestEvent {
  return { kind: 'failed', key, failure, nowMs };
}

function refused(status: number, code: string): Failure {
  return { kind: 'refused', refusal: { status, code, detail: 'No.' } };
}

const events: Readonly<Record<string, TestEvent>> = {
  typed: { kind: 'typed', draft: 'more' },
  reviewed: { kind: 'reviewed', command, key: 'key-2' },
  edited: { kind: 'edited' },
  confirmed: { kind: 'confirmed', nowMs: NOW },
  approved: { kind: 'approved', challengeId: 'challenge-1' },
  answered: { kind: 'answered', key, answer: { id: 't' } },
  failed: failed(UNSURE),
  'asked-again': { kind: 'asked-again', nowMs: NOW },
  'begun-again': { kind: 'begun-again', draft: '' },
};

/** The steps an event means something in; in every other it changes nothing, not even the object. */
const MEANT_FOR: Readonly<Record<string, readonly TestIntent[]>> = {
  typed: [form],
  reviewed: [form],
  edited: [review, confirming],
  confirmed: [review],
  approved: [confirming],
  answered: [sending, unsure],
  failed: [sending, unsure],
  'asked-again': [unknown, tooOld],
  'begun-again': [form, review, confirming, tooOld, done],
};

describe('an event out of its step', () => {
  const others = Object.keys(events).flatMap((name) =>
    everyStep
      .filter((intent) => !MEANT_FOR[name]?.includes(intent))
      .map((intent) => [name, intent.step, intent] as const),
  );
  it.each(others)('%s changes nothing in %s', (name, _step, intent) => {
    expect(after(intent, events[name] as TestEvent)).toBe(intent);
  });
});

describe('from the form to the answer', () => {
  it('keeps what is typed, and why one is back, until the next review', () => {
    const refusal = { status: 422, code: 'insufficient-funds', detail: 'No.' };
    const typed = after({ ...form, refusal }, { kind: 'typed', draft: 'other' });
    expect(typed).toEqual({ step: 'form', draft: 'other', refusal });
    expect(after(typed, { kind: 'reviewed', command, key })).toEqual({ ...review, draft: 'other' });
  });

  it('has a new key at every review, and none at the form', () => {
    const edited = after(review, { kind: 'edited' });
    expect(edited).toEqual(form);
    expect(after(edited, { kind: 'reviewed', command, key: 'key-2' })).toEqual({ ...review, key: 'key-2' });
  });

  it('sends at once when confirmed, under the key of the review', () => {
    expect(after(review, { kind: 'confirmed', nowMs: NOW })).toEqual(sending);
  });

  it('is confirmed once by a double click', () => {
    const once = after(review, { kind: 'confirmed', nowMs: NOW });
    expect(after(once, { kind: 'confirmed', nowMs: NOW + 150 })).toBe(once);
  });

  it.each([sending, unsure])('is done with the answer, and the key is gone', (intent) => {
    expect(after(intent, { kind: 'answered', key, answer: { id: 't' } })).toEqual(done);
    expect(JSON.stringify(after(intent, { kind: 'answered', key, answer: { id: 't' } }))).not.toContain(key);
  });

  it('does not believe what is said about another key', () => {
    expect(after(sending, { kind: 'answered', key: 'key-0', answer: { id: 'other' } })).toBe(sending);
    expect(after(sending, { kind: 'failed', key: 'key-0', failure: refused(422, 'x'), nowMs: NOW })).toBe(sending);
  });

  it('begins anew without anything of the last one', () => {
    for (const intent of [form, review, tooOld, done]) {
      expect(after(intent, { kind: 'begun-again', draft: '' })).toEqual({ step: 'form', draft: '' });
    }
  });
});

describe('a refusal', () => {
  it.each([
    [422, 'insufficient-funds'],
    [404, 'account-not-found'],
    [409, 'account-not-active'],
    [400, 'invalid-payee'],
    [403, 'forbidden'],
  ])('%i %s leads back to the form with what was typed, and drops the key', (status, code) => {
    expect(after(sending, failed(refused(status, code)))).toEqual({
      ...form,
      refusal: { status, code, detail: 'No.' },
    });
  });

  it('settles what was unsure: the bank answers a used key with its first answer', () => {
    expect(after(unsure, failed(refused(422, 'insufficient-funds'))).step).toBe('form');
    expect(after(unsure, failed(refused(404, 'account-not-found'))).step).toBe('form');
  });

  it('does not settle it when it is only about who asks now', () => {
    expect(after(unsure, failed(refused(403, 'forbidden')))).toEqual(unknown);
  });
});

describe('a challenge', () => {
  const CHALLENGED: Failure = { kind: 'challenged', challenge };

  it.each([sending, unsure])('is to be answered before anything else, and says that nothing was done', (intent) => {
    expect(after(intent, failed(CHALLENGED))).toEqual(confirming);
  });

  it('that is answered sends the same under the same key, with its id until there is an answer', () => {
    const approved = after(confirming, { kind: 'approved', challengeId: 'challenge-1' });
    expect(approved).toEqual({ ...sending, confirmation: 'challenge-1' });
    const again = after(approved, failed(UNSURE));
    expect(again).toMatchObject({ step: 'sending', key, confirmation: 'challenge-1', isUnsure: true });
    const rounds = RETRY_WAITS_MS.map(() => failed(UNSURE));
    const lost = after(again, ...rounds);
    expect(lost).toEqual({ ...unknown, confirmation: 'challenge-1' });
    expect(after(lost, { kind: 'asked-again', nowMs: NOW })).toEqual({ ...unsure, confirmation: 'challenge-1' });
  });

  it('of another payment is not this one', () => {
    expect(after(confirming, { kind: 'approved', challengeId: 'challenge-0' })).toBe(confirming);
  });

  it('that one does not want leads back to the form, and the key is gone', () => {
    expect(after(confirming, { kind: 'edited' })).toEqual(form);
  });

  it.each(['confirmation-refused', 'second-factor-needed'])('%s settles what was unsure', (code) => {
    expect(after(unsure, failed(refused(403, code))).step).toBe('form');
  });
});

describe('no answer', () => {
  it('asks again under the same key, with growing pauses, and then says that it is not known', () => {
    let intent: TestIntent = sending;
    for (const waitMs of RETRY_WAITS_MS) {
      const before = intent as Of<'sending'>;
      intent = after(intent, failed(UNSURE));
      expect(intent).toEqual({ ...before, isUnsure: true, failures: before.failures + 1, waitMs });
    }
    expect(after(intent, failed(UNSURE))).toEqual(unknown);
  });

  it('waits as long as the bank says, but no longer than anyone watches', () => {
    const wait = after(sending, failed({ kind: 'unsure', retryAfterMs: 7_000 }));
    expect(wait).toMatchObject({ step: 'sending', waitMs: 7_000, isUnsure: true });
    expect(after(sending, failed({ kind: 'unsure', retryAfterMs: RETRY_WAIT_MAX_MS + 1 }))).toEqual(unknown);
  });

  it('may have happened once a request is in flight', () => {
    expect(after(sending, failed({ kind: 'in-flight', retryAfterMs: 1_000 }))).toMatchObject({ isUnsure: true });
  });

  it('stays unsure whatever kind of failure comes after', () => {
    const twice = after(sending, failed(UNSURE), failed(BUSY));
    expect(twice).toMatchObject({ step: 'sending', failures: 2, isUnsure: true });
  });

  it('is asked again in a new round, under the same key', () => {
    expect(after(unknown, { kind: 'asked-again', nowMs: NOW + 60_000 })).toEqual(unsure);
  });
});

describe('an account that is busy', () => {
  it('is tried again, and then reviewed again under the same key: nothing was done', () => {
    const events = Array.from({ length: RETRY_WAITS_MS.length + 1 }, () => failed(BUSY));
    expect(after(sending, ...events.slice(1))).toMatchObject({ step: 'sending', isUnsure: false });
    expect(after(sending, ...events)).toEqual({ ...review, notice: { kind: 'busy' } });
  });
});

describe('too many requests', () => {
  it('is back at the review with the time to wait, when nothing was sent before', () => {
    const failure: Failure = { kind: 'too-many', retryAfterMs: 5_000 };
    expect(after(sending, failed(failure))).toEqual({ ...review, notice: { kind: 'too-many', untilMs: NOW + 5_000 } });
  });

  it('goes on checking, when something was', () => {
    const failure: Failure = { kind: 'too-many', retryAfterMs: 5_000 };
    expect(after(unsure, failed(failure))).toEqual({ ...unsure, failures: 1, waitMs: 5_000 });
  });
});

describe('a session that ended', () => {
  it('leaves the review with its key when nothing was sent, and forgets the notice when confirmed', () => {
    const signedOut = after(sending, failed({ kind: 'signed-out' }));
    expect(signedOut).toEqual({ ...review, notice: { kind: 'signed-out' } });
    expect(after(signedOut, { kind: 'confirmed', nowMs: NOW })).toEqual(sending);
  });

  it('leaves open what was unsure', () => {
    expect(after(unsure, failed({ kind: 'signed-out' }))).toEqual(unknown);
  });
});

describe('the age of a key', () => {
  const tooLate = NOW + KEY_USABLE_MS;

  it('ends its use: a request under a forgotten key would be a new payment', () => {
    expect(after(unknown, { kind: 'asked-again', nowMs: tooLate - 1 }).step).toBe('sending');
    expect(after(unknown, { kind: 'asked-again', nowMs: tooLate })).toEqual(tooOld);
  });

  it('counts while one waits: a laptop may sleep over it', () => {
    expect(after(sending, failed(UNSURE, tooLate - 500))).toEqual(unknown);
  });

  it('is not trusted when the clock was set back', () => {
    expect(after(unknown, { kind: 'asked-again', nowMs: NOW - 1 })).toEqual(tooOld);
  });

  it('decides whether it is still open', () => {
    expect(everyStep.map((intent) => [intent.step, isOpen(intent)])).toEqual([
      ['form', false],
      ['review', false],
      ['sending', true],
      ['sending', true],
      ['confirming', false],
      ['unknown', true],
      ['unknown', false],
      ['done', false],
    ]);
  });
});
