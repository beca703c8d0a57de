import { startTestServer, TEST_SERVER_VARIABLE } from './test-server.ts';

/** Vitest calls it once a run, before the first test on a database; the worker processes inherit the variable. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[TEST_SERVER_VARIABLE]) return undefined;
  const server = await startTestServer();
  process.env[TEST_SERVER_VARIABLE] = server.url;
  return async () => {
    delete process.env[TEST_SERVER_VARIABLE];
    await server.close();
  };
}
