import { createLogger } from '@florin/observability';
import { testAuthority, testCredentials } from './certificates.fixture.ts';
import { httpCalls } from './http-calls.ts';
import { inProcessCalls } from './in-process-calls.ts';
import { listen } from './listener.ts';
import { serviceCallContract } from './service-call.contract.ts';

const QUIET = createLogger({ service: 'test', level: 'silent' });

serviceCallContract('in process', async (transactions) => {
  const calls = inProcessCalls(() => new Map([['transactions', transactions]]));
  return { calls, close: () => calls.close() };
});

serviceCallContract('over HTTP', async (transactions) => {
  const listener = await listen({ handle: transactions.handle, port: 0, host: '127.0.0.1' });
  // A port that was open a moment ago and is not any more.
  const gone = await listen({ handle: () => {}, port: 0, host: '127.0.0.1' });
  await gone.close();
  const calls = httpCalls({
    transactions: `http://127.0.0.1:${listener.port}`,
    accounts: `http://127.0.0.1:${gone.port}`,
  });
  return {
    calls,
    close: async () => {
      await calls.close();
      await listener.close();
    },
  };
});

serviceCallContract('over mutual TLS', async (transactions) => {
  const authority = await testAuthority();
  const credentials = await testCredentials(authority, ['transactions.florin.internal']);
  const place = { port: 0, host: '127.0.0.1', tls: { credentials, callers: ['gateway'], logger: QUIET } } as const;
  const listener = await listen({ handle: transactions.handle, ...place });
  const gone = await listen({ handle: () => {}, ...place });
  await gone.close();
  const calls = httpCalls(
    { transactions: `https://127.0.0.1:${listener.port}`, accounts: `https://127.0.0.1:${gone.port}` },
    await testCredentials(authority, ['gateway.florin.internal']),
  );
  return {
    calls,
    close: async () => {
      await calls.close();
      await listener.close();
    },
  };
});
