import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Fault } from '@florin/primitives';
import { composeDown, docker, HOME, LEFT_OUT } from './composition.ts';
import { startEngine, stopEngine } from './engine.ts';
import { makeDebian, makeNode, makeServers } from './stand-ins.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
// `npm run containers`: builds the image, runs compose.yaml in an engine of its own, tries it, and takes everything down again.
// Its last line is what came of it, or "skipped: " and why no engine could be started.
try {
  if (process.argv[2] === 'stop') await takeDown();
  else process.exitCode = await tryOut();
} catch (error) {
  if (error instanceof Fault && error.code === 'no-engine') say(`skipped: ${error.message}`);
  else {
    process.stderr.write(`florin: ${error instanceof Fault ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  }
}

async function tryOut(): Promise<number> {
  mkdirSync(HOME, { recursive: true, mode: 0o711 });
  const env = await step('engine', () => startEngine(HOME));
  try {
    await step('debian', () => makeDebian(HOME, env));
    await Promise.all([
      step('servers', () => makeServers(HOME, env)),
      step('node', () => makeNode(HOME, env)).then(() => step('florin', buildOurs)),
    ]);
    const size = Number(await docker('image', 'inspect', '--format', '{{.Size}}', 'florin'));
    say(`  the image has ${(size / 1e6).toFixed(0)} MB`);
    say(`  without ${LEFT_OUT.join(', ')}: it is in no package, and needs a registry`);
    const { status } = spawnSync(process.execPath, [VITEST, 'run', '--project=containers'], {
      cwd: ROOT,
      stdio: 'inherit',
    });
    return status ?? 1;
  } finally {
    await takeDown();
  }
}

async function takeDown(): Promise<void> {
  await composeDown().catch(() => {});
  await stopEngine(HOME);
}

async function buildOurs(): Promise<void> {
  await docker('build', '--network', 'host', '--force-rm', '--tag', 'florin', ROOT);
}

async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const startedAtMs = performance.now();
  const result = await work();
  say(`  ${name.padEnd(12)}${((performance.now() - startedAtMs) / 1_000).toFixed(0)} s`);
  return result;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
