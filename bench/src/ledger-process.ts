import { inProcessCalls } from '@florin/http';
import { absentBroker } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { ensureServiceDatabase } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { createInternalTokenMinter } from '@florin/security';
import { startTransactions, WRITERS_DEFAULT } from '@florin/transactions';
import { loadSecrets } from '../../tools/secrets.ts';
import { SHARDS } from './traffic.ts';

// A second process of the ledger on the databases of the bank that is measured: it takes up what the first one drops.

const { databasePasswords, internalKeys } = await loadSecrets(process.env['FLORIN_HOME'] ?? '.florin/bench');
const { owner, runtime } = databasePasswords.transactions;
const shards = await Promise.all(
  Array.from({ length: SHARDS }, async (_, index) => {
    const name = index === 0 ? 'transactions' : `transactions_${index}`;
    const passwords = { ownerPassword: owner, runtimePassword: runtime };
    const made = await ensureServiceDatabase(process.env['FLORIN_POSTGRES_URL'] ?? '', { name, ...passwords });
    return { databaseUrl: made.runtimeUrl, ownerUrl: made.ownerUrl };
  }),
);
const service = await startTransactions(
  { shards, internalJwks: { keys: [] }, writers: WRITERS_DEFAULT },
  // Events wait for the first one to come back: nobody here would hear them.
  {
    broker: absentBroker(),
    calls: inProcessCalls(() => new Map()),
    tokens: createInternalTokenMinter({
      privateJwk: internalKeys['transactions']?.privateJwk ?? {},
      issuer: 'transactions',
      clock: systemClock,
    }),
    logger: createLogger({ service: 'second' }),
    clock: systemClock,
    newId,
  },
);
process.on('disconnect', () => void stop());
process.on('SIGTERM', () => void stop());
process.send?.({ ready: true });

async function stop(): Promise<void> {
  await service.close();
  process.exit(0);
}
