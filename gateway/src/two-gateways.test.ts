import { type Cache, memoryCache } from '@florin/cache';
import { createLogger } from '@florin/observability';
import { expect, it } from 'vitest';
import { BEAT_EVERY_MS, NOTICED_AFTER_MS, openCacheTrust } from './cache-trust.ts';
import { createOwnWrites, REMEMBERED_FOR_MS } from './own-writes.ts';

const ALICE = 'alice';
const ACCOUNT = '018f0000-0000-7000-8000-0000000000ac';
const logger = createLogger({ service: 'gateway', level: 'silent' });
const DOUBTED_FOR_MS = REMEMBERED_FOR_MS + NOTICED_AFTER_MS;

/** What is between a gateway and the cache. */
interface Line {
  isCut: boolean;
  /** So many commands fail, and then they pass. */
  failures: number;
}

/** A cache over a line that may be cut. `server` answers what is behind it. */
function overLine(line: Line, server: () => Cache): Cache {
  return new Proxy({} as Cache, {
    get: (_, command: keyof Cache) => {
      return (...args: unknown[]) => {
        if (line.isCut || line.failures > 0) {
          line.failures -= 1;
          return Promise.reject(new Error('the cache does not answer'));
        }
        return (server()[command] as (...given: unknown[]) => unknown)(...args);
      };
    },
  });
}

/** Gateways over one cache, in a time that passes when they wait or are told so. */
function openScene() {
  let nowMs = 1_780_000_000_000;
  const clock = () => nowMs;
  let server = memoryCache({ clock });
  const lines: Line[] = [];
  const beating = new Map<string, () => Promise<void>>();

  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += BEAT_EVERY_MS) {
      nowMs += Math.min(BEAT_EVERY_MS, ms - passed);
      for (const beat of beating.values()) await beat();
    }
  }

  async function open(instanceId: string) {
    const line: Line = { isCut: false, failures: 0 };
    lines.push(line);
    const over = overLine(line, () => server);
    const trust = await openCacheTrust({ cache: over, clock, logger, instanceId, doubtedForMs: DOUBTED_FOR_MS });
    let heldMs = 0;
    const sleep = async (ms: number) => {
      heldMs += ms;
      await pass(ms);
    };
    const writes = createOwnWrites({ cache: over, trust, sleep });
    const start = (): void => void beating.set(instanceId, trust.beat);
    start();
    return {
      line,
      trust,
      start,
      /** As a process that is killed, or frozen. */
      stop: () => void beating.delete(instanceId),
      /** A write is answered; tells how long its answer was held back. */
      async write(version: number) {
        heldMs = 0;
        await writes.remember(ALICE, `${ACCOUNT}=${version}`);
        return heldMs;
      },
      read: () => writes.minVersions(ALICE, ACCOUNT),
    };
  }

  return {
    pass,
    open,
    cut: (isCut: boolean) => {
      for (const line of lines) line.isCut = isCut;
    },
    empty: () => {
      server = memoryCache({ clock });
    },
    /** Two who know each other and have no doubts. */
    async two() {
      const [one, other] = [await open('one'), await open('other')];
      await pass(DOUBTED_FOR_MS + 2 * BEAT_EVERY_MS);
      expect([await one.read(), await other.read()]).toEqual([undefined, undefined]);
      return [one, other] as const;
    },
  };
}

it('the other gateway knows a write when its answer leaves', async () => {
  const [one, other] = await openScene().two();
  expect(await one.write(9)).toBe(0);
  expect(await other.read()).toBe(`${ACCOUNT}=9`);
});

it('tries again when the cache did not answer once, and nobody has doubts', async () => {
  const [one, other] = await openScene().two();
  one.line.failures = 1;
  expect(await one.write(9)).toBeGreaterThan(0);
  expect([await one.read(), await other.read()]).toEqual([`${ACCOUNT}=9`, `${ACCOUNT}=9`]);
});

it('the answer of a gateway that is cut off waits until the other one has doubts, which last until it is history', async () => {
  const scene = openScene();
  const [one, other] = await scene.two();
  one.line.isCut = true;
  const heldMs = await one.write(9);
  expect(heldMs).toBeGreaterThan(0);
  expect(heldMs).toBeLessThanOrEqual(NOTICED_AFTER_MS);
  expect([await one.read(), await other.read()]).toEqual(['ledger', 'ledger']);
  // The link is well again at once; what was not written is not there.
  one.line.isCut = false;
  await scene.pass(REMEMBERED_FOR_MS);
  expect([await one.read(), await other.read()]).toEqual(['ledger', 'ledger']);
  await scene.pass(DOUBTED_FOR_MS);
  expect([await one.read(), await other.read()]).toEqual([undefined, undefined]);
});

it('holds no answer back once everybody knows that it is cut off, nor when it is alone', async () => {
  const scene = openScene();
  const [one, other] = await scene.two();
  one.line.isCut = true;
  await one.write(9);
  expect([await one.write(10), await one.write(11)]).toEqual([0, 0]);
  one.line.isCut = false;
  other.stop();
  await scene.pass(65_000);
  one.line.isCut = true;
  expect(await one.write(12)).toBe(0);
  expect(await one.read()).toBe('ledger');
});

it('whoever asks after the cache was emptied is shown the ledger, and again what is remembered later', async () => {
  const scene = openScene();
  const [one, other] = await scene.two();
  await one.write(9);
  scene.empty();
  expect([await one.read(), await other.read()]).toEqual(['ledger', 'ledger']);
  await scene.pass(REMEMBERED_FOR_MS);
  expect([await one.read(), await other.read()]).toEqual(['ledger', 'ledger']);
  await scene.pass(DOUBTED_FOR_MS);
  await one.write(10);
  expect(await other.read()).toBe(`${ACCOUNT}=10`);
});

it('a cache that was emptied is noticed even when nobody reads before the next beat', async () => {
  const scene = openScene();
  const [one, other] = await scene.two();
  await one.write(9);
  scene.empty();
  await scene.pass(2_000);
  expect([await one.read(), await other.read()]).toEqual(['ledger', 'ledger']);
});

it('a cache that was away while nobody asked is doubted by all', async () => {
  const scene = openScene();
  const [one, other] = await scene.two();
  scene.cut(true);
  await one.write(9);
  scene.cut(false);
  expect(await other.read()).toBe('ledger');
});

it('who stood still while another was cut off has doubts when it goes on', async () => {
  const scene = openScene();
  const [one, other] = await scene.two();
  other.stop();
  one.line.isCut = true;
  await one.write(9);
  one.line.isCut = false;
  await scene.pass(BEAT_EVERY_MS);
  other.start();
  await scene.pass(BEAT_EVERY_MS);
  expect(await other.read()).toBe('ledger');
});

it('who begins beside others reads the ledger until it has seen as much as they', async () => {
  const scene = openScene();
  const alone = await scene.open('one');
  expect(await alone.read()).toBeUndefined();
  await alone.write(9);
  const second = await scene.open('second');
  expect([await alone.read(), await second.read()]).toEqual([`${ACCOUNT}=9`, 'ledger']);
  await scene.pass(DOUBTED_FOR_MS + BEAT_EVERY_MS);
  expect(await second.read()).toBeUndefined();
});

it('who begins when the cache was just emptied knows by the first beat of another that something was there', async () => {
  const scene = openScene();
  const [one, other] = await scene.two();
  other.stop();
  await one.write(9);
  scene.empty();
  const second = await scene.open('second');
  await scene.pass(BEAT_EVERY_MS);
  expect(await second.read()).toBe('ledger');
});

it('who left is not missed; who was killed is, for a minute', async () => {
  const scene = openScene();
  const [one, other] = await scene.two();
  other.stop();
  await other.trust.leave();
  await scene.pass(5_000);
  expect(await one.read()).toBeUndefined();
  const third = await scene.open('third');
  await scene.pass(DOUBTED_FOR_MS + BEAT_EVERY_MS);
  third.stop();
  await scene.pass(5_000);
  expect(await one.read()).toBe('ledger');
  await scene.pass(60_000 + DOUBTED_FOR_MS);
  expect(await one.read()).toBeUndefined();
});
