// Runs before every npm script a person may start first: makes sure that what is installed is what the lock file says,
// and that the Node it brings is there. With --web, before the bank starts, the web client is built as well: that is part
// of installing, so nobody needs a third command. Plain JavaScript without a dependency, for any Node from 20 on, because
// nothing is installed yet when it runs. It prints to stderr only: `npm run -s token` must print a token and nothing else.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'node_modules', '.florin-stamp');
const nodeLink = join(root, 'node_modules', '.bin', 'node');
const nodePackage = `node-linux-${process.arch}`;
const nodeTarget = join('..', nodePackage, 'bin', 'node');
const nodeBinary = join(root, 'node_modules', nodePackage, 'bin', 'node');
const webClient = join('clients', 'web');
const webStampFile = join(root, webClient, 'dist', '.stamp');
/** What the web client is built from, folders and files. Its packages are those of the lock file. */
const webInputs = [webClient, join('clients', 'sdk'), join('platform', 'money'), 'package-lock.json'];
/** A build says a page or two; more than this is a build that runs away. */
const BUILD_OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
/** A cold install takes about a minute on a slow line, and a build seconds; ten is long enough to wait for others'. */
const LOCK_WAIT_MAX_MS = 600_000;
const LOCK_POLL_MS = 200;

/** Something a person can act on; everything else that is thrown here is a mistake of ours and keeps its stack. */
class SetupError extends Error {}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** The files that decide what `npm ci` installs: lock file, settings, and the manifest of every workspace. */
function inputFiles() {
  const manifests = readJson('package.json').workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [join(pattern, 'package.json')];
    const folder = pattern.slice(0, -2);
    if (!existsSync(join(root, folder))) return [];
    return readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json'));
  });
  const present = manifests.filter((path) => existsSync(join(root, path)));
  return ['package-lock.json', '.npmrc', 'package.json', ...present.sort()];
}

function fingerprint() {
  const hash = createHash('sha256').update(process.arch);
  for (const path of inputFiles()) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** Whether the packages and the Node link are those of this lock file; reads only a few small files. */
function isInstalled(wanted) {
  return readStamp() === wanted && isLinked() && isExecutable(nodeLink);
}

function isLinked() {
  try {
    return readlinkSync(nodeLink) === nodeTarget;
  } catch {
    return false;
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function checkMachine() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new SetupError(`Installing needs Node 20 or newer, and this is ${process.version}.`);
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new SetupError(`Florin runs on Linux on x64 or arm64, and this is ${process.platform} on ${process.arch}.`);
  }
}

/**
 * Runs `work` while no other bootstrap of this checkout runs. The lock is a name in Linux's abstract socket space: the
 * kernel drops it with the process that holds it, so there is no stale lock to reason about.
 */
async function alone(work) {
  const name = `\0florin-bootstrap-${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;
  const deadline = performance.now() + LOCK_WAIT_MAX_MS;
  for (let told = false; ; ) {
    const lock = await tryListen(name);
    if (lock) {
      try {
        return work();
      } finally {
        lock.close();
      }
    }
    if (!told) console.error('Another command is installing or building here; waiting for it.');
    told = true;
    if (performance.now() > deadline)
      throw new SetupError('Another install of this checkout has not ended in 10 minutes.');
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

function tryListen(name) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(name, () => resolve(server));
  });
}

function install(wanted) {
  if (isInstalled(wanted)) return;
  if (readStamp() !== wanted || !existsSync(nodeBinary)) runNpmCi();
  checkNode();
  writeFileSync(stampFile, wanted);
}

function readStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
}

/** Development and optional packages are asked for by name: NODE_ENV=production or a user's own `omit` must not win. */
function runNpmCi() {
  console.error('Installing packages (once, and again when the lock file changes) ...');
  const npmCli = process.env.npm_execpath ?? '';
  const [command, first] = basename(npmCli) === 'npm-cli.js' ? [process.execPath, [npmCli]] : ['npm', []];
  const args = [...first, 'ci', '--loglevel=error', '--include=dev', '--include=optional'];
  const run = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.error?.code === 'ENOENT') throw new SetupError('npm was not found; it comes with Node from 20 on.');
  if (run.error) throw run.error;
  if (run.status !== 0) {
    const how = run.signal ? `was stopped by ${run.signal}` : `ended with ${run.status}`;
    throw new SetupError(`The packages could not be installed: npm ci ${how}; its own words are above.`);
  }
}

/** The pinned Node must be there and run. npm 10 sometimes leaves out the link to it, so the link is made again. */
function checkNode() {
  const wanted = `v${readJson('package.json').optionalDependencies[nodePackage]}`;
  if (!existsSync(nodeBinary)) {
    throw new SetupError(`npm did not install ${nodePackage}; "npm ci --include=optional" shows why.`);
  }
  if (!isExecutable(nodeBinary)) chmodSync(nodeBinary, 0o755);
  if (!isLinked()) linkNode();
  const run = spawnSync(nodeLink, ['--version'], { encoding: 'utf8' });
  if (run.error || run.status !== 0) {
    throw new SetupError('The Node that comes with Florin does not run here; it needs Linux with glibc 2.28 or newer.');
  }
  if (run.stdout.trim() !== wanted) {
    throw new SetupError(`node_modules/.bin/node is ${run.stdout.trim()} and must be ${wanted}: remove node_modules.`);
  }
}

/** The hash of everything the web client is built from, by path; undefined when there is no web client to build. */
function webFingerprint() {
  if (!existsSync(join(root, webClient))) return undefined;
  const hash = createHash('sha256');
  for (const path of webInputs.flatMap(filesBelow)) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

/** Every file below a path, in an order that does not depend on the disk; what is built and installed is left out. */
function filesBelow(path) {
  const about = statSync(join(root, path), { throwIfNoEntry: false });
  if (about?.isFile()) return [path];
  if (!about?.isDirectory() || ['dist', 'node_modules'].includes(basename(path))) return [];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

function isWebBuilt(wanted) {
  const isThere = existsSync(webStampFile) && existsSync(join(root, webClient, 'dist', 'index.html'));
  return isThere && readFileSync(webStampFile, 'utf8') === wanted;
}

/** The build empties its folder first, and the stamp with it: a build that breaks off is never taken for a whole one. */
function buildWeb(wanted) {
  if (isWebBuilt(wanted)) return;
  console.error('Building the web client (once, and again when it changes) ...');
  const args = [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', webClient];
  const run = spawnSync(nodeLink, args, {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: BUILD_OUTPUT_BYTES_MAX,
  });
  if (run.error) throw run.error;
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout}${run.stderr}\n`);
    const how = run.signal ? `was stopped by ${run.signal}` : `ended with ${run.status}`;
    throw new SetupError(`The web client could not be built: vite build ${how}; its own words are above.`);
  }
  writeFileSync(webStampFile, wanted);
}

/** Renaming over the old link leaves no moment without one. */
function linkNode() {
  mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
  const fresh = `${nodeLink}.${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(nodeTarget, fresh);
  renameSync(fresh, nodeLink);
}

try {
  const wanted = fingerprint();
  const webWanted = process.argv.includes('--web') ? webFingerprint() : undefined;
  if (!isInstalled(wanted) || (webWanted !== undefined && !isWebBuilt(webWanted))) {
    checkMachine();
    await alone(() => {
      install(wanted);
      if (webWanted !== undefined) buildWeb(webWanted);
    });
  }
} catch (error) {
  const known = error instanceof SetupError || ['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(error?.code);
  console.error(known ? `florin: ${error.message}` : error);
  process.exitCode = 1;
}
