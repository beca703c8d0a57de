import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Fault } from '@florin/primitives';
import { clientEnvironment } from './engine.ts';
import { run } from './programs.ts';

const FILE = fileURLToPath(new URL('../../deploy/compose/compose.yaml', import.meta.url));

/** Beside a bank and a stack that somebody runs on this machine. */
const PORTS = { PUBLIC_PORT: '18943', PROMETHEUS_PORT: '18990' };
export const PUBLIC_URL = `https://localhost:${PORTS.PUBLIC_PORT}`;
export const PROMETHEUS_URL = `http://127.0.0.1:${PORTS.PROMETHEUS_PORT}`;
export const HOME = fileURLToPath(new URL('../../.florin/containers', import.meta.url));

/** No package has it, so a run without a registry goes without. */
export const LEFT_OUT: readonly string[] = ['grafana'];

/** Of two cores that others use as well. */
const HEALTHY_MS_MAX = 300_000;
/** How long Compose waits for one answer of the engine; its minute is short where images are unpacked and others work. */
const ANSWER_SECONDS_MAX = '300';
const LOOK_EVERY_MS = 1_000;

/** A container as the engine tells of it, as far as anybody here asks. */
export interface Container {
  readonly Name: string;
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly Config: { readonly User: string };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly Privileged: boolean;
  };
}

/** Runs `docker` against our engine. */
export function docker(...args: string[]): Promise<string> {
  return run('docker', args, { env: clientEnvironment(HOME) });
}

/** The name that a container of compose.yaml has in our engine. */
export function containerOf(service: string): string {
  return `florin_${service}_1`;
}

/** Starts everything of compose.yaml but what is left out, with settings of gateways on top, and waits until all is well. */
export async function composeUp(gatewaySettings: Readonly<Record<string, string>>): Promise<void> {
  const more = { environment: gatewaySettings };
  writeFileSync(moreFile(), JSON.stringify({ services: { gateway: more, gateway2: more } }));
  const services = (await compose('config', '--services')).trim().split('\n');
  const started = services.filter((service) => !LEFT_OUT.includes(service));
  try {
    await compose('up', '--detach', '--no-build', ...started);
  } catch (error) {
    throw new Fault('containers', `${(error as Error).message}\n${await wordsOf(await illOnes())}`, { cause: error });
  }
  await waitUntilHealthy();
}

/** Ends all of it and forgets what it stored. */
export async function composeDown(): Promise<void> {
  await compose('down', '--volumes', '--remove-orphans', '--timeout', '20');
}

/** Waits until every container that has a health check says that it is well. Faults with `containers`, naming those that do not. */
export async function waitUntilHealthy(): Promise<void> {
  const deadline = performance.now() + HEALTHY_MS_MAX;
  for (;;) {
    const ill = await illOnes();
    if (ill.length === 0) return;
    if (performance.now() >= deadline) {
      throw new Fault('containers', `not healthy after ${HEALTHY_MS_MAX / 1_000} s:\n${await wordsOf(ill)}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** The names of those that say that they are not well, or ended badly. */
async function illOnes(): Promise<readonly string[]> {
  return (await containers()).filter(isIll).map(({ Name }) => Name);
}

/** The last words of each. */
async function wordsOf(names: readonly string[]): Promise<string> {
  const said = names.map(async (name) => {
    const lines = await run('sh', ['-c', `docker logs --tail 8 ${name} 2>&1`], { env: clientEnvironment(HOME) });
    return `${name}: ${lines.trimEnd()}`;
  });
  return (await Promise.all(said)).join('\n');
}

/** Every container of the bank. */
export async function containers(): Promise<readonly Container[]> {
  const names = (await docker('ps', '--all', '--quiet')).trim().split('\n');
  return JSON.parse(await docker('inspect', ...names));
}

function isIll({ State }: Container): boolean {
  if (State.Status === 'exited') return State.ExitCode !== 0;
  return State.Health !== undefined && State.Health.Status !== 'healthy';
}

function compose(...args: string[]): Promise<string> {
  const env = { ...clientEnvironment(HOME), ...PORTS, COMPOSE_HTTP_TIMEOUT: ANSWER_SECONDS_MAX };
  return run('docker-compose', ['--project-name', 'florin', '--file', FILE, '--file', moreFile(), ...args], { env });
}

/** JSON is YAML. */
function moreFile(): string {
  return join(HOME, 'more.json');
}
