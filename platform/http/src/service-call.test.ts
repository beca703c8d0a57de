import { httpCalls } from './http-calls.ts';
import { inProcessCalls } from './in-process-calls.ts';
import { listen } from './listener.ts';
import { serviceCallContract } from './service-call.contract.ts';

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
