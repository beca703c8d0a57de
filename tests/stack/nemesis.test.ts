import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freeBasePort } from '../../tools/stack/free-stack-ports.ts';
import { type ChaosReport, runChaos } from '../nemesis/chaos.ts';
import { FAULTS, HIDING_ANSWERS } from '../nemesis/faults.ts';
import { openStage, type Stage } from '../nemesis/stage.ts';
import { summaryOf } from '../nemesis/summary.ts';
import { Random } from '../simulation/kernel/random.ts';

/** One that stays the same, and one that nobody has seen; both are printed, for `npm run chaos -- --seed`. */
const SEEDS = [20_261_127, Date.now() % 0x7fff_ffff] as const;
const RUN_MS = 90_000;
const CONTROL_MS = 20_000;
/** Starting a stack, or a run with all that it waits for in the end. */
const TIMEOUT_MS = 420_000;

const home = mkdtempSync(join(tmpdir(), 'florin-nemesis-'));
let stage: Stage;

beforeAll(async () => {
  // PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(home, 0o711);
  // Of its own, beside the one of the other tests: its ledger has two shards, and proxies lead to its servers.
  stage = await openStage({ home, basePort: await freeBasePort(), random: new Random(1), progress: () => {} });
}, TIMEOUT_MS);

afterAll(async () => {
  await stage?.close();
  rmSync(home, { recursive: true, force: true });
}, TIMEOUT_MS);

async function harm(seed: number, control?: 'control'): Promise<ChaosReport> {
  const report = await runChaos(stage, {
    seed,
    isIdempotent: control === undefined,
    runMs: control ? CONTROL_MS : RUN_MS,
    faults: control ? HIDING_ANSWERS : FAULTS,
    historyFile: join(home, `${seed}.jsonl`),
    say: () => {},
  });
  console.log(`seed ${seed}\n${summaryOf(report)}`);
  return report;
}

it.each(SEEDS)(
  'keeps every promise while processes, links and servers fail, with seed %i',
  async (seed) => {
    const { findings, history, faults } = await harm(seed);
    expect(findings).toEqual([]);
    expect(faults.length).toBeGreaterThan(5);
    const acknowledged = history.events.filter(({ type, ...event }) => type === 'ok' && 'op' in event);
    expect(acknowledged.length).toBeGreaterThan(100);
  },
  TIMEOUT_MS,
);

it(
  'is seen to do things twice when the clients ask again with new keys',
  async () => {
    const { findings } = await harm(1, 'control');
    expect(new Set(findings.map(({ invariant }) => invariant))).toContain('doubled');
  },
  TIMEOUT_MS,
);
