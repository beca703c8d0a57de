import { PoisonEvent } from '@florin/messaging';
import { newId } from '@florin/primitives';
import { expect, it } from 'vitest';
import { orderEvent, statusEvent, transferEvent } from '../testing.fixture.ts';
import { readNews } from './news.ts';

it('reads what is final, and nothing in what is not', () => {
  expect(readNews(orderEvent('ann', 'failed'))).toMatchObject({ kind: 'order-failed', owner: 'ann' });
  expect(readNews(orderEvent('ann', 'will-retry'))).toBeUndefined();
  expect(readNews(orderEvent('ann', 'completed'))).toBeUndefined();
});

it.each([
  [
    'E7: an event of a type that nobody here knows',
    { ...transferEvent(newId(0), newId(0)), type: 'transactions.new.v9' },
  ],
  ['an amount that is no number', { ...transferEvent(newId(0), newId(0)), data: { amountMinor: 'much' } }],
  ['an account without owners', { ...statusEvent({ accountId: newId(0), status: 'active', owners: [] }), data: {} }],
])('refuses %s, so that it is put aside and not dropped', (_what, event) => {
  let refusal: unknown;
  try {
    readNews(event);
  } catch (error) {
    refusal = error;
  }
  expect(refusal instanceof PoisonEvent || refusal instanceof SyntaxError).toBe(true);
});
