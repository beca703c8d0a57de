import { expect, it } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

function questions() {
  const open: { answer(value: number): void; refuse(): void }[] = [];
  const ask = oneAtATime(
    () =>
      new Promise<number>((resolve, reject) =>
        open.push({ answer: resolve, refuse: () => reject(new Error('refused')) }),
      ),
  );
  return { open, ask };
}

/** Lets everything happen that can happen by itself. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('gives whoever asks meanwhile an answer that was asked for after them, one for all', async () => {
  const { open, ask } = questions();
  const [first, second, third] = [ask(), ask(), ask()];
  expect(open).toHaveLength(1);
  open[0]?.answer(1);
  expect(await first).toBe(1);
  await turn();
  expect(open).toHaveLength(2);
  const fourth = ask();
  open[1]?.answer(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
  await turn();
  open[2]?.answer(3);
  expect(await fourth).toBe(3);
  const fifth = ask();
  await turn();
  open[3]?.answer(4);
  expect(await fifth).toBe(4);
});

it('asks again after a failure', async () => {
  const { open, ask } = questions();
  const [first, second] = [ask(), ask()];
  open[0]?.refuse();
  await expect(first).rejects.toThrow('refused');
  await turn();
  open[1]?.answer(2);
  expect(await second).toBe(2);
});
