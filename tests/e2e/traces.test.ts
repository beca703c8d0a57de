import { createLogger, openTelemetry, readTelemetry, type Telemetry } from '@florin/observability';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver, treeOf } from '../otlp-receiver.ts';
import { type StartedBank, startTestBank } from './started-bank.ts';

let receiver: OtlpReceiver;
let telemetry: Telemetry;
let bank: StartedBank;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const settings = readTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
  const logger = createLogger({ service: 'florin', level: 'silent' });
  telemetry = await openTelemetry(settings, { service: 'florin', isEdge: true, logger });
  bank = await startTestBank();
});
afterAll(async () => {
  await bank.close();
  await telemetry.close();
  await receiver.close();
});

/** Spans are sent each second, and events travel after the answer. */
const SOON = { timeout: 20_000, interval: 200 };

interface Person {
  readonly token: string;
  readonly account: { readonly id: string; readonly iban: string };
}

async function newcomer(name: string): Promise<Person> {
  const email = `${name.toLowerCase()}@example.com`;
  await bank.signUp(email, `${name} Tracey`);
  const token = await bank.signIn(email);
  return { token, account: await bank.firstAccount(token) };
}

test('one transfer is one trace: gateway, ledger, its database, the relay, the readers in accounts and notifications', async () => {
  const [wilma, rudolf] = [await newcomer('Wilma'), await newcomer('Rudolf')];
  await bank.setRoles(await bank.signUp('teller@example.com', 'Teller'), ['teller']);
  const teller = await bank.signIn('teller@example.com');
  const deposit = { accountId: wilma.account.id, amount: { amount: '731.19', currency: 'EUR' } };
  expect((await bank.call(teller, 'POST', '/v1/deposits', deposit)).status).toBe(201);
  const before = receiver.spans.length;
  const transfer = {
    fromAccountId: wilma.account.id,
    toIban: rudolf.account.iban,
    amount: { amount: '417.23', currency: 'EUR' },
    reference: 'quillfeather',
  };
  const answer = await bank.call(wilma.token, 'POST', '/v1/transfers', transfer);
  expect(answer).toMatchObject({ status: 201, body: { status: 'completed' } });

  const transferTrace = () => {
    const root = receiver.spans.slice(before).find(({ name }) => name === 'POST /v1/transfers');
    return root === undefined ? [] : treeOf(receiver.traceOf(root.traceId));
  };
  await expect.poll(transferTrace, SOON).toEqual([
    'POST /v1/transfers (gateway)',
    '  forward transactions',
    '    POST /v1/transfers (transactions)',
    '      ledger batch (transactions)',
    '        postgres transaction',
    '      postgres query',
    '      process accounts.read-model',
    '        postgres transaction',
    '      process notifications.news',
    '        postgres transaction',
    // What notifications says itself, of the notice it wrote.
    '          publish notifications',
    '      publish transactions',
  ]);
});

test('no span says who, how much, or for what', async () => {
  const said = JSON.stringify(receiver.spans);
  expect(said.length).toBeGreaterThan(10_000);
  for (const secret of [
    '731.19',
    '73119',
    '417.23',
    '41723',
    'quillfeather',
    'Wilma',
    'wilma',
    'Tracey',
    'example.com',
  ])
    expect(said).not.toContain(secret);
  expect(said).not.toMatch(/[A-Z]{2}\d{2}[A-Z0-9]{10,30}/);
  // Ids are looked for where they would be: in names and attributes, and those of the process itself are none of anybody's.
  expect(JSON.stringify(receiver.spans.map(({ name, attributes }) => [name, attributes]))).not.toMatch(
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
  );
});
