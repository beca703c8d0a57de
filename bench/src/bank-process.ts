import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readLimits } from '@florin/gateway';
import { createLogger, openLogFile } from '@florin/observability';
import type { startTransactions } from '@florin/transactions';
import { startBothLedgers } from '@florin/transactions/choreographed';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { startBank } from '../../tools/bank.ts';
import { inProcessFetch } from '../../tools/in-process-fetch.ts';
import { loadSecrets } from '../../tools/secrets.ts';
import type { BenchAnswer, BenchRequest, SeededCustomer } from './seam.ts';
import { CHOREOGRAPHED_KEY } from './traffic.ts';

/**
 * The bank under a benchmark: the same composition as `npm start`, in a process of its own. What differs: it trusts
 * one more signing key, made here and known to nobody else, because signing a thousand customers in one by one would
 * measure password hashing. Tokens are verified like any other; everything else goes through the public API.
 */
const KEY_ID = 'bench';
const TOKEN_SECONDS = 3_600;
const OPENINGS_AT_ONCE = 32;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    shards: { type: 'string', default: '1' },
    empty: { type: 'boolean' },
    // Transfers between shards with a key that says so are choreographed.
    choreographed: { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
const publicUrl = `http://localhost:${port}`;
const home = process.env['FLORIN_HOME'] ?? '.florin/bench';
const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
const publicJwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' };

const startLedger: typeof startTransactions = (config, ports) => startBothLedgers(config, ports, CHOREOGRAPHED_KEY);

const bank = await startBank({
  postgresUrl: process.env['FLORIN_POSTGRES_URL'] ?? '',
  secrets: await loadSecrets(home),
  publicUrl,
  host: '127.0.0.1',
  port,
  limits: readLimits(process.env),
  shards: Number(values.shards),
  // One line a request, to a file, as `npm start` does it.
  logger: createLogger({ service: 'florin', destination: openLogFile(`${home}/florin.log`) }),
  extraAccessKeys: { keys: [publicJwk] },
  ...(values.choreographed ? { startLedger } : {}),
});
await bank.listen();
const fetch = inProcessFetch(bank.gateway);

process.on('message', (request: BenchRequest) => {
  answer(request).then(
    (value) => process.send?.({ ok: true, value } satisfies BenchAnswer),
    (error: Error) => process.send?.({ ok: false, message: error.message } satisfies BenchAnswer),
  );
});
process.on('disconnect', () => void stop());
process.on('SIGTERM', () => void stop());

async function stop(): Promise<void> {
  await bank.close();
  process.exit(0);
}

async function answer(request: BenchRequest): Promise<unknown> {
  if (request.op === 'mint') return Promise.all(request.subjects.map((subject) => mint(subject, 'customer')));
  return seed(request);
}

function mint(subject: string, role: string): Promise<string> {
  return new SignJWT({
    client_id: 'bench',
    scope: 'bank',
    roles: [role],
    jti: randomUUID(),
    acr: 'pwd',
    sid: randomUUID(),
  })
    .setProtectedHeader({ alg: 'ES256', kid: KEY_ID, typ: 'at+jwt' })
    .setSubject(subject)
    .setIssuer(publicUrl)
    .setAudience(`${publicUrl}/v1`)
    .setIssuedAt()
    .setExpirationTime(`${TOKEN_SECONDS}s`)
    .sign(privateKey);
}

/** Opens every account and pays money in, through the gateway. */
async function seed(request: BenchRequest & { op: 'seed' }): Promise<SeededCustomer[]> {
  const teller = await mint(randomUUID(), 'teller');
  const supervisor = await mint(randomUUID(), 'supervisor');
  const customers = Array.from({ length: request.customers }, () => ({
    subject: randomUUID(),
    accountIds: [] as string[],
  }));
  const waiting = [...customers];
  const workers = Array.from({ length: OPENINGS_AT_ONCE }, async () => {
    for (let customer = waiting.pop(); customer !== undefined; customer = waiting.pop()) {
      const token = await mint(customer.subject, 'customer');
      for (let index = 0; index < request.accountsPerCustomer; index += 1) {
        const opened = await post('/v1/accounts', token, { productCode: 'current-eur' });
        customer.accountIds.push(opened.id);
        const deposit = await post('/v1/deposits', teller, { accountId: opened.id, amount: request.balance });
        // More than a teller takes alone.
        if (deposit.status === 'pending') {
          await post(`/v1/approvals/transactions/${deposit.id}/approve`, supervisor, {});
        }
      }
    }
  });
  await Promise.all(workers);
  return customers;
}

async function post(path: string, token: string, body: object): Promise<{ id: string; status?: string }> {
  const answered = await fetch(`${publicUrl}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  const text = await answered.text();
  if (answered.status >= 300) throw new Error(`${path} answered ${answered.status}: ${text}`);
  return JSON.parse(text);
}
