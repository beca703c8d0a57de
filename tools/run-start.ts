import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readEdgeFiles, readLimits, readSecurityContact } from '@florin/gateway';
import { guardedSettings, openTlsCredentials, stopUnlessReady, type TlsFiles } from '@florin/http';
import { createLogger, type Logger, openLogFile, openTelemetry, readTelemetry } from '@florin/observability';
import { removeEmbeddedPostgres, startEmbeddedPostgres, verifiedAddress } from '@florin/postgres';
import { type Environment, Fault, readSettings, systemClock } from '@florin/primitives';
import { DEVELOPMENT_MARK } from '@florin/security';
import { startBank } from './bank.ts';
import type { DemoUser } from './demo-bank.ts';
import { DEMO_PEOPLE } from './demo-people.ts';
import { edgeFiles } from './edge-files.ts';
import { loadSecrets } from './secrets.ts';
import { seedDemo } from './seed.ts';
import { START_SETTINGS } from './start-settings.ts';

const USAGE = `npm start -- [--port 8080] [--tls] [--empty] [--reset] [--shards 1]

  --port N   the public port; N + 1 serves health and metrics to this machine (8080)
  --tls      https, with a certificate of the development authority in .florin/certs
  --empty    no demo people and no demo data
  --shards N spread the ledger of a new bank over N databases; the same N at every later start (1)
  --reset    throw away everything the bank has stored on this machine first`;

/** What `npm start` has built before this runs. */
const WEB_BUILD = fileURLToPath(new URL('../clients/web/dist', import.meta.url));
/** Ctrl-C must end everything within five seconds; what still hangs then is cut. */
const STOP_MS_MAX = 4_800;

interface Running {
  stop(): Promise<void>;
}

/** `npm start`: the whole bank on this machine. Says where it is, or in one sentence why not. */
export async function runStart(args: readonly string[], environment: Environment): Promise<void> {
  const started: Running[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (exitCode: number): void => {
    // npm hands Ctrl-C on a second time; the first one is being obeyed.
    stopping ??= stopAll(started).then(() => process.exit(exitCode));
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));
  try {
    await start(args, environment, started, () => stopping !== undefined);
  } catch (error) {
    if (stopping === undefined) process.stderr.write(`florin: ${sentenceOf(error)}\n`);
    stop(1);
  }
}

async function start(
  args: readonly string[],
  environment: Environment,
  started: Running[],
  isStopping: () => boolean,
): Promise<void> {
  const startedAtMs = performance.now();
  const settings = readSettings(START_SETTINGS, environment);
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: settings.FLORIN_PORT },
      tls: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      reset: { type: 'boolean', default: false },
      shards: { type: 'string', default: settings.FLORIN_SHARDS },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${USAGE}\n`);
  const port = readPort(values.port);
  const shards = readShards(values.shards);
  const host = settings.FLORIN_HOST;
  const home = resolve(settings.FLORIN_HOME);
  const { FLORIN_POSTGRES_URL: serverUrl, FLORIN_POSTGRES_CA_FILE: caFile } = settings;
  const ownServer = serverUrl === undefined ? undefined : verifiedAddress(serverUrl, caFile);
  const tlsFiles = readEdgeFiles(environment) ?? (values.tls ? edgeFiles(home) : undefined);
  const publicUrl = settings.FLORIN_PUBLIC_URL ?? `${tlsFiles === undefined ? 'http' : 'https'}://localhost:${port}`;
  await stopUnlessReadyHere(environment, { publicUrl, tlsFiles, ownServer, makesDemoPeople: !values.empty });
  await mustBeFree(host, port);
  await mustBeFree(host, port + 1);
  if (values.reset) await reset(home);
  if (values.tls) await makeCertificates(home);
  const secrets = await loadSecrets(home);
  const logger = openLog(home, settings.FLORIN_LOG_LEVEL);
  const telemetry = await openTelemetry(readTelemetry(environment), { service: 'florin', isEdge: true, logger });
  started.push({ stop: () => telemetry.close() });
  const server = ownServer === undefined ? await startOwnPostgres(home, started) : { url: ownServer };
  const tls = tlsFiles && { credentials: openTlsCredentials(tlsFiles, { logger }) };
  if (isStopping()) return;
  const webClient = existsSync(join(WEB_BUILD, 'index.html')) ? { folder: WEB_BUILD } : undefined;
  const bank = await startBank({
    postgresUrl: server.url,
    secrets,
    tls,
    publicUrl,
    host,
    port,
    limits: readLimits(environment),
    mailUrl: settings.FLORIN_MAIL_URL ?? `file:${join(home, 'mail')}`,
    identityProvidersFile: settings.FLORIN_IDENTITY_PROVIDERS_FILE,
    securityContact: readSecurityContact(environment),
    shards,
    ...(webClient && { webClient }),
    logger,
  });
  started.push({ stop: () => bank.close() });
  telemetry.measure(bank.services.map(({ metrics }) => metrics.registry));
  const demoUsers = values.empty ? {} : await seedDemo(bank, { home, publicUrl });
  collectGarbage();
  if (isStopping()) return;
  await bank.listen();
  const trust = values.tls ? join(home, 'certs', 'ca.pem') : undefined;
  const seconds = (performance.now() - startedAtMs) / 1_000;
  announce({ publicUrl, users: demoUsers, hasWeb: webClient !== undefined, trust }, seconds);
}

/** What makes certificates takes a while to load, and most starts need none. */
async function makeCertificates(home: string): Promise<void> {
  const { ensureCertificates } = await import('./development-certificates.ts');
  await ensureCertificates(home, { clock: systemClock });
}

/**
 * A bank in one process makes its own secrets and is for trying out, so in production this always ends it; with every cause,
 * for whoever wonders what a real one needs.
 */
async function stopUnlessReadyHere(
  environment: Environment,
  facts: {
    readonly publicUrl: string;
    readonly tlsFiles: TlsFiles | undefined;
    readonly ownServer: string | undefined;
    readonly makesDemoPeople: boolean;
  },
): Promise<void> {
  const { publicUrl, tlsFiles, ownServer, makesDemoPeople } = facts;
  const guarded = guardedSettings(environment, {
    secrets: { FLORIN_HOME: DEVELOPMENT_MARK },
    peerUrls: {},
    databaseUrls: ownServer === undefined ? {} : { FLORIN_POSTGRES_URL: [ownServer] },
  });
  await stopUnlessReady(guarded, {
    publicUrl,
    publicTls: tlsFiles === undefined ? 'nobody' : 'here',
    tlsFiles,
    // There are no other processes.
    hasPeerCertificate: true,
    isPostgresEmbedded: ownServer === undefined,
    makesDemoPeople,
  });
}

/** The log goes to a file, so that the terminal stays readable; FLORIN_LOG_LEVEL=info|debug|silent says how much. */
function openLog(home: string, level: string): Logger {
  const destination = openLogFile(`${home}/florin.log`);
  return createLogger({ service: 'florin', level, destination });
}

async function startOwnPostgres(home: string, started: Running[]): Promise<{ readonly url: string }> {
  const server = await startEmbeddedPostgres({
    dataFolder: `${home}/postgres`,
    logger: { info: (message) => process.stdout.write(`${message}\n`) },
  });
  started.push(server);
  return server;
}

/**
 * Seeding makes a hundred megabytes of garbage that a machine with much memory would let lie. Gone before the door
 * opens, a fresh bank is as small as a restarted one.
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')({ execution: 'sync', flavor: 'last-resort', type: 'major' });
}

async function reset(home: string): Promise<void> {
  await removeEmbeddedPostgres(`${home}/postgres`);
  rmSync(home, { recursive: true, force: true });
}

/** Stops what was started, the newest first, so that PostgreSQL is last. */
async function stopAll(started: readonly Running[]): Promise<void> {
  const cut = setTimeout(() => process.exit(1), STOP_MS_MAX);
  for (const running of started.toReversed()) await running.stop().catch(reportStop);
  clearTimeout(cut);
}

function reportStop(error: unknown): void {
  process.stderr.write(`florin: while stopping: ${sentenceOf(error)}\n`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_534) return port;
  throw new Fault('setting-invalid', `--port takes a number from 1 to 65534, not ${text}`);
}

/** Each shard has a dozen connections, and the embedded server takes 300. */
const SHARDS_MAX = 8;

function readShards(text: string): number {
  const shards = Number(text);
  if (Number.isInteger(shards) && shards >= 1 && shards <= SHARDS_MAX) return shards;
  throw new Fault('setting-invalid', `--shards takes a number from 1 to ${SHARDS_MAX}, not ${text}`);
}

/** Found out at once rather than after the databases are up. */
function mustBeFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => reject(new Fault('port-in-use', `port ${port} is in use; try npm start -- --port 9080`)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

interface Announced {
  readonly publicUrl: string;
  readonly users: Readonly<Record<string, DemoUser>>;
  readonly hasWeb: boolean;
  /** The authority that a browser does not know. */
  readonly trust: string | undefined;
}

function announce({ publicUrl, users, hasWeb, trust }: Announced, seconds: number): void {
  const lines = [`Florin is ready at ${publicUrl} (started in ${seconds.toFixed(1)} s)`];
  if (trust !== undefined) lines.push('', `Browsers and programs must trust ${trust}`);
  const people = DEMO_PEOPLE.filter(({ login }) => users[login] !== undefined);
  if (people.length > 0) {
    lines.push('', 'Demo users (name, password, role):');
    for (const { login, roles } of people) {
      lines.push(`  ${login.padEnd(6)} ${users[login]?.password}  ${roles.join(', ')}`);
    }
    lines.push('', 'Try:  npm run -s token -- alice');
    // Last, where the eye is, and first to do.
    if (hasWeb) lines.push('', `Open ${publicUrl} and sign in as alice`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** One sentence for a person; what is unexpected shows its stack, because it is ours to mend. */
function sentenceOf(error: unknown): string {
  if (error instanceof Fault) return error.message;
  // Free when we looked, and taken since.
  if (isAddressInUse(error)) return `port ${error.port} is in use; try npm start -- --port 9080`;
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message}\n\n${USAGE}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isAddressInUse(error: unknown): error is Error & { readonly port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error;
}
