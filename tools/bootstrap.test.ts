import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const NODE_PACKAGE = `node-linux-${process.arch}`;
const PINNED = '24.21.0';

/** Stands in for Vite: counts its runs, says where and how it was started, and leaves a build behind. */
const FAKE_VITE = `
const { appendFileSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
appendFileSync('builds.log', process.argv.slice(2).join(' ') + ' ' + process.env.NODE_ENV + '\\n');
console.log('transforming');
console.error('a warning');
rmSync('clients/web/dist', { recursive: true, force: true });
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
if (process.env.FAKE_VITE_FAILS) process.exit(3);
mkdirSync('clients/web/dist');
writeFileSync('clients/web/dist/index.html', '');
`;

/** Stands in for npm: counts its runs and leaves behind what `npm ci` would, without the link, as npm 10 sometimes does. */
const FAKE_NPM = `
const { appendFileSync, mkdirSync, rmSync, writeFileSync } = require('node:fs');
appendFileSync('runs.log', process.argv.slice(2).join(' ') + '\\n');
console.log('added 1 package');
rmSync('node_modules', { recursive: true, force: true });
if (process.env.FAKE_NPM_FAILS) process.exit(7);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
mkdirSync('node_modules/${NODE_PACKAGE}/bin', { recursive: true });
const version = process.env.FAKE_NODE_VERSION ?? 'v${PINNED}';
const script = 'if [ "$1" = --version ]; then echo ' + version + '; else exec "$FAKE_NODE_RUNS" "$@"; fi';
writeFileSync('node_modules/${NODE_PACKAGE}/bin/node', '#!/bin/sh\\n' + script + '\\n');
mkdirSync('node_modules/vite/bin', { recursive: true });
writeFileSync('node_modules/vite/bin/vite.js', ${JSON.stringify(FAKE_VITE)});
`;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'florin-bootstrap-'));
  folders.push(folder);
  mkdirSync(join(folder, 'tools'));
  mkdirSync(join(folder, 'services', 'ledger'), { recursive: true });
  cpSync(new URL('bootstrap.mjs', import.meta.url), join(folder, 'tools', 'bootstrap.mjs'));
  const manifest = { workspaces: ['services/*', 'tests'], optionalDependencies: { [NODE_PACKAGE]: PINNED } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(join(folder, '.npmrc'), '');
  writeFileSync(join(folder, 'services', 'ledger', 'package.json'), '{}');
  writeFileSync(join(folder, 'npm-cli.js'), FAKE_NPM);
  return folder;
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function bootstrap(
  folder: string,
  environment: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<Outcome> {
  const machine = { npm_execpath: join(folder, 'npm-cli.js'), FAKE_NODE_RUNS: process.execPath };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, 'tools', 'bootstrap.mjs'), ...args], {
      env: { ...process.env, ...machine, ...environment },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });
}

function npmRuns(folder: string): number {
  return linesOf(join(folder, 'runs.log')).length;
}

function linesOf(log: string): string[] {
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
}

describe('bootstrap', () => {
  it('installs once, says nothing on stdout, and restores the link to Node', async () => {
    const folder = checkout();
    expect(await bootstrap(folder)).toMatchObject({ status: 0, stdout: '' });
    expect(readlinkSync(join(folder, 'node_modules', '.bin', 'node'))).toBe(`../${NODE_PACKAGE}/bin/node`);
    expect(await bootstrap(folder)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(npmRuns(folder)).toBe(1);
    expect(readFileSync(join(folder, 'runs.log'), 'utf8')).toMatch(/^ci .*--include=dev --include=optional/);
  });

  it.each(['package-lock.json', '.npmrc', 'services/ledger/package.json'])(
    'installs again when %s changes',
    async (path) => {
      const folder = checkout();
      await bootstrap(folder);
      writeFileSync(join(folder, path), '{ }');
      await bootstrap(folder);
      expect(npmRuns(folder)).toBe(2);
    },
  );

  it('mends a lost link without installing', async () => {
    const folder = checkout();
    await bootstrap(folder);
    rmSync(join(folder, 'node_modules', '.bin', 'node'));
    expect(await bootstrap(folder)).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(join(folder, 'node_modules', '.bin', 'node'))).toBe(true);
    expect(npmRuns(folder)).toBe(1);
  });

  it('installs once when two start together', async () => {
    const folder = checkout();
    const both = await Promise.all([bootstrap(folder), bootstrap(folder)]);
    expect(both.map((outcome) => outcome.status)).toEqual([0, 0]);
    expect(npmRuns(folder)).toBe(1);
  });

  it('says in one sentence that npm failed, and tries again next time', async () => {
    const folder = checkout();
    const failed = await bootstrap(folder, { FAKE_NPM_FAILS: '1' });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain('florin: The packages could not be installed: npm ci ended with 7');
    expect(failed.stderr).not.toMatch(/\n\s+at /);
    expect(await bootstrap(folder)).toMatchObject({ status: 0 });
  });

  it('refuses another Node than the pinned one', async () => {
    const folder = checkout();
    const outcome = await bootstrap(folder, { FAKE_NODE_VERSION: 'v22.1.0' });
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain(`node_modules/.bin/node is v22.1.0 and must be v${PINNED}`);
  });
});

describe('bootstrap --web', () => {
  const INPUTS = [
    'clients/web/index.html',
    'clients/web/src/pages/send.tsx',
    'clients/sdk/src/index.ts',
    'platform/money/src/money.ts',
  ];

  function checkoutWithWeb(): string {
    const folder = checkout();
    for (const path of [...INPUTS, 'clients/web/node_modules/a', 'services/ledger/src/post.ts']) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), 'a');
    }
    return folder;
  }

  const withWeb = (folder: string, environment = {}) => bootstrap(folder, environment, ['--web']);
  const builds = (folder: string) => linesOf(join(folder, 'builds.log'));

  it('builds once with the Node that was installed, and says so in one line on stderr', async () => {
    const folder = checkoutWithWeb();
    const first = await withWeb(folder);
    expect(first).toMatchObject({ status: 0, stdout: '' });
    expect(first.stderr.trim().split('\n').at(-1)).toBe(
      'Building the web client (once, and again when it changes) ...',
    );
    expect(await withWeb(folder)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(builds(folder)).toEqual(['build clients/web production']);
    expect(npmRuns(folder)).toBe(1);
  });

  it('builds again when anything it is made of changes, or comes new', async () => {
    const folder = checkoutWithWeb();
    await withWeb(folder);
    for (const path of [...INPUTS, 'clients/web/src/new.ts', 'package-lock.json']) {
      const before = builds(folder).length;
      writeFileSync(join(folder, path), '{ }');
      expect((await withWeb(folder)).status).toBe(0);
      expect([path, builds(folder).length]).toEqual([path, before + 1]);
    }
  });

  it('builds again when an input goes, or the build is lost', async () => {
    const folder = checkoutWithWeb();
    await withWeb(folder);
    rmSync(join(folder, 'clients/web/src/pages/send.tsx'));
    await withWeb(folder);
    rmSync(join(folder, 'clients/web/dist/index.html'));
    await withWeb(folder);
    expect(builds(folder)).toHaveLength(3);
  });

  it('does not build again when something else changes', async () => {
    const folder = checkoutWithWeb();
    await withWeb(folder);
    for (const path of ['clients/web/dist/index.html', 'clients/web/node_modules/a', 'services/ledger/src/post.ts']) {
      writeFileSync(join(folder, path), 'b');
    }
    expect(await withWeb(folder)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(builds(folder)).toHaveLength(1);
  });

  it('builds once when two start together', async () => {
    const folder = checkoutWithWeb();
    await bootstrap(folder);
    const both = await Promise.all([withWeb(folder), withWeb(folder)]);
    expect(both.map((outcome) => outcome.status)).toEqual([0, 0]);
    expect(builds(folder)).toHaveLength(1);
  });

  it('says in one sentence that the build failed, after its own words, and tries again next time', async () => {
    const folder = checkoutWithWeb();
    await withWeb(folder);
    writeFileSync(join(folder, 'clients/web/index.html'), 'b');
    const failed = await withWeb(folder, { FAKE_VITE_FAILS: '1' });
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toMatch(/transforming\na warning\n\nflorin: The web client could not be built: .* with 3/);
    expect(failed.stderr).not.toMatch(/\n\s+at /);
    expect(await withWeb(folder)).toMatchObject({ status: 0 });
    expect(builds(folder)).toHaveLength(3);
  });

  it('builds nothing where there is no web client, and nothing without being asked', async () => {
    const without = checkout();
    expect((await withWeb(without)).status).toBe(0);
    const folder = checkoutWithWeb();
    expect((await bootstrap(folder)).status).toBe(0);
    expect([builds(without), builds(folder)]).toEqual([[], []]);
  });
});
