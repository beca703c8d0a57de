import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('work is done in the order it came, so many at a time', async () => {
  const turn = createTurns({ atOnceMax: 2, waitingMax: 10 });
  const done: number[] = [];
  let [running, most] = [0, 0];
  const work = (name: number) =>
    turn(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      done.push(name);
    });
  await Promise.all([1, 2, 3, 4, 5].map(work));
  expect(done).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('a turn that fails makes room too', async () => {
  const turn = createTurns({ atOnceMax: 1, waitingMax: 1 });
  const failing = turn(() => Promise.reject(new Error('away')));
  const next = turn(() => Promise.resolve('in'));
  await expect(failing).rejects.toThrow('away');
  expect(await next).toBe('in');
});

test('who is turned away hears it when nobody more may be held, and at once', async () => {
  const turn = createTurns({ atOnceMax: 1, waitingMax: 0, heldMax: 0 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = turn(() => promise);
  await expect(turn(async () => 'in')).rejects.toMatchObject({ code: 'sign-in-busy', retryAfterSeconds: 2 });
  resolve();
  await first;
  expect(await turn(async () => 'in')).toBe('in');
});

test('who is turned away is kept for a while, as many as may be', async () => {
  const turn = createTurns({ atOnceMax: 1, waitingMax: 0, heldMax: 1 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = turn(() => promise);
  const refused = ['kept', 'not kept'].map((name) => turn(async () => 'in').catch(() => name));
  expect(await Promise.race(refused)).toBe('not kept');
  expect(await refused[0]).toBe('kept');
  resolve();
  await first;
});
