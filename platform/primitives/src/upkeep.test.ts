import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startUpkeep } from './upkeep.ts';

describe('startUpkeep', () => {
  it('runs a chore at once and again, and tells of a failure without stopping', async () => {
    let runs = 0;
    const failures: string[] = [];
    const upkeep = startUpkeep(
      [
        {
          name: 'sweep',
          everyMs: 5,
          run: async () => {
            runs += 1;
            if (runs === 2) throw new Error('away');
          },
        },
      ],
      (chore, error) => failures.push(`${chore}: ${(error as Error).message}`),
    );
    for (let tries = 0; tries < 500 && runs < 4; tries += 1) await sleep(5);
    await upkeep.close();
    expect(runs).toBeGreaterThanOrEqual(4);
    expect(failures).toEqual(['sweep: away']);
  });

  it('never runs a chore twice at once, and waits for it when it closes', async () => {
    let inside = 0;
    let most = 0;
    let finished = 0;
    const upkeep = startUpkeep(
      [
        {
          name: 'slow',
          everyMs: 1,
          run: async () => {
            inside += 1;
            most = Math.max(most, inside);
            await sleep(20);
            inside -= 1;
            finished += 1;
          },
        },
      ],
      () => undefined,
    );
    await sleep(30);
    await upkeep.close();
    expect(most).toBe(1);
    expect(inside).toBe(0);
    expect(finished).toBeGreaterThan(0);
  });
});
