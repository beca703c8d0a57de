import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '@florin/postgres';

/** Where the tests find their server. Set by hand, it names a server of yours and none is started. */
export const TEST_SERVER_VARIABLE = 'FLORIN_TEST_POSTGRES_URL';

export interface TestServer {
  readonly url: string;
  /** Stops the server and removes its data. */
  close(): Promise<void>;
}

/**
 * Waits until its input ends, which also happens when the process that holds the other end is killed; then ends the
 * server whose data folder is still there and removes it. Nothing is left of it after an orderly end.
 */
const WATCH = [
  'cat > /dev/null',
  '[ -d "$1" ] || exit 0',
  'read -r pid < "$2/postmaster.pid" && kill -INT "$pid"',
  'i=0; while [ -e "$2/postmaster.pid" ] && [ $i -lt 10 ]; do sleep 1; i=$((i + 1)); done',
  'rm -rf "$1" "$2"',
].join('\n');

/** Starts a server for tests in the system's folder for temporary files: fast, and gone even when we are killed. */
export async function startTestServer(): Promise<TestServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'florin-test-'));
  // Made for us alone; the server's own user must pass through it.
  await chmod(dataFolder, 0o711);
  const server = await startEmbeddedPostgres({ dataFolder, fast: true }).catch(async (error: unknown) => {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  });
  const watch = spawn('sh', ['-c', WATCH, 'sh', dataFolder, server.dataFolder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.unref();
  return {
    url: server.url,
    async close() {
      await server.stop();
      await removeEmbeddedPostgres(dataFolder);
      watch.stdin.end();
    },
  };
}
