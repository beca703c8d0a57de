import { describe, expect, it } from 'vitest';
import { type Intent, KEY_USABLE_MS } from './intent.ts';
import { resumeIntent, STORED_VERSION, type StoredIntent } from './stored-intent.ts';

type TestIntent = Intent<string, string, string>;

const NOW = 1_800_000_000_000;
const reviewed = { draft: 'typed', command: 'send', key: 'key-1' } as const;

const form: TestIntent = { step: 'form', draft: 'typed' };
const review: TestIntent = { step: 'review', ...reviewed };
const sending: TestIntent = {
  step: 'sending',
  ...reviewed,
  confirmedAtMs: NOW,
  failures: 2,
  waitMs: 4_000,
  isUnsure: false,
};
const unsure: TestIntent = { ...sending, failures: 0, waitMs: 0, isUnsure: true };
const unknown: TestIntent = { step: 'unknown', ...reviewed, confirmedAtMs: NOW, isTooOld: false };
const tooOld: TestIntent = { ...unknown, isTooOld: true };
const done: TestIntent = { step: 'done', command: 'send', answer: 'sent' };

describe('coming back', () => {
  const visit = { userId: 'alice', origin: '', nowMs: NOW, isReload: true, fresh: 'fresh' };
  const stored = (intent: TestIntent, origin = ''): StoredIntent<string, string, string> => ({
    version: STORED_VERSION,
    userId: 'alice',
    origin,
    intent,
  });

  it('begins afresh when nothing was stored', () => {
    expect(resumeIntent(undefined, visit)).toEqual({ step: 'form', draft: 'fresh' });
  });

  it.each([form, review, sending, unsure, unknown, tooOld, done])(
    'shows nothing of another person ($step)',
    (intent) => {
      expect(resumeIntent(stored(intent), { ...visit, userId: 'bob' })).toEqual({ step: 'form', draft: 'fresh' });
    },
  );

  it.each([form, review, done])('goes on where one was ($step)', (intent) => {
    expect(resumeIntent(stored(intent), visit)).toBe(intent);
  });

  it.each([
    ['sending', sending],
    ['sending and unsure', unsure],
    ['unknown', unknown],
  ])('checks under the same key what was %s', (_, intent) => {
    expect(resumeIntent(stored(intent), { ...visit, nowMs: NOW + 60_000 })).toEqual(unsure);
  });

  it('does not check under a key that is too old', () => {
    expect(resumeIntent(stored(sending), { ...visit, nowMs: NOW + KEY_USABLE_MS })).toEqual(tooOld);
  });

  it('shows a result again after a reload only', () => {
    const elsewhere = { ...visit, isReload: false };
    expect(resumeIntent(stored(done), elsewhere)).toEqual({ step: 'form', draft: 'fresh' });
    expect(resumeIntent(stored(review), elsewhere)).toBe(review);
    expect(resumeIntent(stored(sending), elsewhere)).toEqual(unsure);
  });

  it('begins something else when the address asks for something else', () => {
    const fresh = { step: 'form', draft: 'fresh' };
    expect(resumeIntent(stored(review, 'to bob'), { ...visit, origin: 'to carl' })).toEqual(fresh);
    expect(resumeIntent(stored(review, 'to bob'), { ...visit, origin: 'to bob' })).toBe(review);
    expect(resumeIntent(stored(review, 'to bob'), { ...visit, origin: '' })).toBe(review);
  });

  it('but first settles what was confirmed, whatever the address asks for', () => {
    expect(resumeIntent(stored(sending, 'to bob'), { ...visit, origin: 'to carl' })).toEqual(unsure);
  });
});
