import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freeBasePort } from '../../tools/stack/free-stack-ports.ts';
import { Random } from '../simulation/kernel/random.ts';
import { readArguments } from './arguments.ts';
import { runChaos } from './chaos.ts';
import { FAULTS } from './faults.ts';
import { openStage, type Stage } from './stage.ts';
import { summaryOf } from './summary.ts';

/** `npm run chaos`: the bank on its servers, and everything that can go wrong with them. Exits with 1 when a promise was broken. */
const wanted = readArguments(process.argv.slice(2), Date.now());
if (wanted.ok) {
  await run(wanted.value);
} else {
  console.error(wanted.failure);
  process.exitCode = 1;
}

type Run = Extract<typeof wanted, { ok: true }>['value'];

async function run(asked: Run): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'florin-nemesis-'));
  // PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(home, 0o711);
  try {
    const { seed, minutes, isIdempotent } = asked;
    say(`seed ${seed}, ${minutes} minutes${isIdempotent ? '' : ', without idempotency: this must end red'}`);
    const progress = (name: string, what: string): void => say(`  ${name.padEnd(16)}${what}`);
    const stage = await openStage({ home, basePort: await freeBasePort(), random: new Random(seed), progress });
    await harm(stage, asked).finally(() => stage.close());
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function harm(stage: Stage, { seed, minutes, isIdempotent }: Run): Promise<void> {
  let isOver = false;
  process.on('SIGINT', () => {
    isOver = true;
  });
  const historyFile = resolve('.florin', 'chaos', `${seed}.jsonl`);
  const options = { seed, runMs: minutes * 60_000, isIdempotent, historyFile };
  const report = await runChaos(stage, { ...options, faults: FAULTS, isOver: () => isOver, say });
  say(`${summaryOf(report)}\n  ${historyFile}`);
  if (report.findings.length > 0) process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
