import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

const NODE_PACKAGE = `node-linux-${process.arch}`;
const PINNED = '24.21.0';

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
writeFileSync('node_modules/${NODE_PACKAGE}/bin/node', '#!/bin/sh\\necho ' + version + '\\n');
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

function bootstrap(folder: string, environment: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(folder, 'tools', 'bootstrap.mjs')], {
      env: { ...process.env, npm_execpath: join(folder, 'npm-cli.js'), ...environment },
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
  const log = join(folder, 'runs.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
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
