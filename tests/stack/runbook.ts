import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BASE_PORT } from '../../tools/stack/ports.ts';
import { RAISED_LIMITS } from '../bank-process.ts';
import type { RunningStack } from './running-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RUNBOOKS = join(ROOT, 'docs', 'guides', 'operate.md');
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;

/** What is to be typed, of the runbook with this title. */
function linesOf(title: string): readonly string[] {
  const lines = readFileSync(RUNBOOKS, 'utf8').split('\n');
  const from = lines.indexOf(`### ${title}`);
  if (from === -1) throw new Error(`there is no runbook ${title}`);
  const length = lines.slice(from + 1).findIndex((line) => line.startsWith('#'));
  const own = lines.slice(from + 1, length === -1 ? undefined : from + 1 + length);
  const typed = own.filter((line) => line.startsWith('    ')).map((line) => line.trim());
  if (typed.length === 0) throw new Error(`the runbook ${title} has nothing to type`);
  return typed;
}

/**
 * Types a runbook as it stands, beside a stack of the tests. `values` go in place of what its examples give to variables.
 * Answers what was said; throws with all of it when a line fails.
 */
export async function followRunbook(
  stack: Pick<RunningStack, 'home' | 'ports'>,
  title: string,
  values: Readonly<Record<string, string>> = {},
): Promise<string> {
  const typed = linesOf(title).map((line) => {
    const [, name = ''] = /^([A-Z]+)=/.exec(line) ?? [];
    if (Object.hasOwn(values, name)) return `${name}='${values[name]}'`;
    return line.replaceAll(String(BASE_PORT), String(stack.ports.edge));
  });
  const script = ['set -euo pipefail', npmFunction(stack), ...typed].join('\n');
  const child = spawn('bash', ['-c', script], {
    // Where `.florin/stack` is.
    cwd: join(stack.home, '..', '..'),
    env: { ...process.env, ...RAISED_LIMITS },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`the runbook ${title} failed:\n${said}`);
  return said;
}

/** npm would look for changes of dependencies first. */
function npmFunction(stack: Pick<RunningStack, 'ports'>): string {
  const cases = Object.entries(scripts).flatMap(([name, script]) => {
    const [, file] = /^node (\S+)$/.exec(script) ?? [];
    const port = name === 'stack' ? ` --port ${stack.ports.edge}` : '';
    return file === undefined ? [] : [`${name}) '${process.execPath}' '${join(ROOT, file)}' "$@"${port} ;;`];
  });
  return `npm() {
  shift; [ "$1" = -s ] && shift; local script=$1; shift; [ "\${1-}" = -- ] && shift
  case $script in
${cases.join('\n')}
  *) return 1 ;;
  esac
}`;
}
