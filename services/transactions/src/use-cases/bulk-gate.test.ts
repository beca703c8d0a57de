import { describe, expect, it } from 'vitest';
import { BulkGate } from './bulk-gate.ts';
import type { Outcome } from './submission.ts';

const DONE: Outcome = { kind: 'answered', status: 200, body: '', isReplay: false, versions: [] };

/** Work that ends when it is told to. */
function work() {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let hasStarted = false;
  return {
    run: () => {
      hasStarted = true;
      return promise;
    },
    end: () => resolve(DONE),
    get hasStarted() {
      return hasStarted;
    },
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe('the gate of bulk requests', () => {
  it('lets in what has room and the rest in their order', async () => {
    const gate = new BulkGate(() => 0);
    const jobs = [work(), work(), work()];
    const passes = jobs.map((job, index) => gate.pass({ scope: 's', key: `${index}` }, 1_000, job.run));
    await settled();
    expect(jobs.map((job) => job.hasStarted)).toEqual([true, true, false]);
    jobs[0]?.end();
    await settled();
    expect(jobs[2]?.hasStarted).toBe(true);
    for (const job of jobs) job.end();
    expect(await Promise.all(passes)).toEqual([DONE, DONE, DONE]);
  });

  it('lets a request in that is heavier than the whole room, alone', async () => {
    const gate = new BulkGate(() => 0);
    const heavy = work();
    const light = work();
    const passes = [
      gate.pass({ scope: 's', key: 'a' }, 5_000, heavy.run),
      gate.pass({ scope: 's', key: 'b' }, 1, light.run),
    ];
    await settled();
    expect([heavy.hasStarted, light.hasStarted]).toEqual([true, false]);
    heavy.end();
    light.end();
    await Promise.all(passes);
  });

  it('answers key-in-flight for a key inside, and takes it again when it is out, also after a fault', async () => {
    const gate = new BulkGate(() => 0);
    const job = work();
    const first = gate.pass({ scope: 's', key: 'k' }, 1, job.run);
    expect(await gate.pass({ scope: 's', key: 'k' }, 1, job.run)).toEqual({ kind: 'key-in-flight' });
    job.end();
    await first;
    await expect(gate.pass({ scope: 's', key: 'k' }, 1, () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    );
    expect(await gate.pass({ scope: 's', key: 'k' }, 1, async () => DONE)).toEqual(DONE);
  });

  it('refuses with a retryable fault when too many wait', async () => {
    const gate = new BulkGate(() => 0);
    const job = work();
    const inside = gate.pass({ scope: 's', key: 'inside' }, 2_048, job.run);
    const waiting = Array.from({ length: 256 }, (_, index) => gate.pass({ scope: 's', key: `${index}` }, 1, job.run));
    await expect(gate.pass({ scope: 's', key: 'one more' }, 1, job.run)).rejects.toMatchObject({
      code: 'ledger-overloaded',
      retryable: true,
    });
    job.end();
    await Promise.all([inside, ...waiting]);
  });

  it('refuses as well when those that wait hold too many commands', async () => {
    const gate = new BulkGate(() => 0);
    const job = work();
    const inside = gate.pass({ scope: 's', key: 'inside' }, 2_048, job.run);
    const waiting = gate.pass({ scope: 's', key: 'waiting' }, 16_000, job.run);
    await expect(gate.pass({ scope: 's', key: 'more' }, 500, job.run)).rejects.toMatchObject({ retryable: true });
    job.end();
    await Promise.all([inside, waiting]);
  });

  it('lets one in at a time while the readers are behind, and all again when they have caught up', async () => {
    let lagMs = 10_000;
    const gate = new BulkGate(() => lagMs);
    const jobs = [work(), work(), work()];
    const passes = jobs.map((job, index) => gate.pass({ scope: 's', key: `${index}` }, 10, job.run));
    await settled();
    expect(jobs.map((job) => job.hasStarted)).toEqual([true, false, false]);
    jobs[0]?.end();
    await passes[0];
    await expect.poll(() => jobs.map((job) => job.hasStarted)).toEqual([true, true, false]);
    lagMs = 0;
    jobs[1]?.end();
    await expect.poll(() => jobs[2]?.hasStarted).toBe(true);
    jobs[2]?.end();
    expect(await Promise.all(passes)).toEqual([DONE, DONE, DONE]);
  });
});
