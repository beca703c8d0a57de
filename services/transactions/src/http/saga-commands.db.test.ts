import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallOptions } from '../testing/test-service.ts';
import { startTwoShards, type TwoShards } from '../testing/test-shards.ts';

/** Two shards: buckets below 128 are in the first, the others in the second. */
const FIRST = 5;
const SECOND = 200;
const LOOKS_MAX = 500;

let bank: TwoShards;
beforeAll(async () => {
  bank = await startTwoShards();
});
afterAll(async () => {
  const proof = await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode: 'full' }, key: null });
  const books = await bank.call('amir', 'GET', '/v1/ledger/trial-balance', { key: null });
  await bank.close();
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
  const lines = books.body['lines'] as { account: string; posted: { amount: string } }[];
  expect(lines.find(({ account }) => account === 'clearing')?.posted.amount ?? '0.00').toBe('0.00');
});

interface Closing {
  readonly sagaId: string;
  readonly input: { readonly accountId: string; readonly sweepId: string; readonly [name: string]: unknown };
}

/** The closing of an account, as the accounts service would begin it. */
function closingOf(accountId: string, targetAccountId: string, more: object = {}): Closing {
  const bucket = Number.parseInt(accountId.slice(16, 18), 16);
  const sweepId = newId(bucket);
  const status = { statusBefore: 'active', mayBeFrozen: false, controlVersion: 2 };
  return {
    sagaId: newId(bucket),
    input: { accountId, targetAccountId, sweepId, actor: 'alice', ...status, ...more },
  };
}

const STEPS = {
  'begin-closing': ['begin-closing', 'do'],
  reopen: ['begin-closing', 'undo'],
  sweep: ['sweep', 'do'],
  close: ['close', 'do'],
} as const;

function command({ sagaId, input }: Closing, operation: string, more: object = {}) {
  const [branch, op] = STEPS[operation as keyof typeof STEPS] ?? ['other', 'do'];
  const payload = { input, outputs: {} };
  const who = { sagaId, sagaType: 'account-closing', participant: 'ledger' };
  return { ...who, branch, op, attempt: 1, operation, payload, ...more };
}

function send(body: object, who: 'accounts' | 'sam' | 'nobody' = 'accounts', options: CallOptions = {}) {
  return bank.call(who, 'POST', '/internal/saga-commands', { body, key: null, ...options });
}

/** What the ledger answers to a step: the word, and the code of a rejection. */
async function take(closing: Closing, operation: string, more: object = {}): Promise<string> {
  const { status, text } = await send(command(closing, operation, more));
  if (status !== 200) return `${status}`;
  const { outcome } = JSON.parse(text) as { outcome: { kind: string; code?: string } };
  return outcome.kind === 'rejected' ? `rejected ${outcome.code}` : outcome.kind;
}

/** The sweep, asked for until it is not pending any more. */
async function swept(closing: Closing): Promise<string> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const word = await take(closing, 'sweep', { attempt: look + 1 });
    if (word !== 'pending') return word;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the sweep does not end');
}

/** `status posted held controlVersion` as the ledger has it. */
async function stateOf(id: string): Promise<string> {
  const { body } = await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null });
  return [body.status, body['postedMinor'], body['heldMinor'], body['controlVersion']].join(' ');
}

describe('the closing of an account that holds money', () => {
  it.each([
    ['within a shard', FIRST, FIRST],
    ['across two shards', FIRST, SECOND],
    ['across two shards, the other way', SECOND, FIRST],
  ])('%s', async (_, from, to) => {
    const alice = await bank.open('alice', '50.00', { bucket: from, transferFeeMinor: '25' });
    const bob = await bank.open('bob', '1.00', { bucket: to });
    const closing = closingOf(alice, bob);
    expect(await take(closing, 'begin-closing')).toBe('applied');
    expect(await stateOf(alice)).toBe('closing 5000 0 2');
    expect(await swept(closing)).toBe('applied');
    expect(await take(closing, 'close')).toBe('applied');
    expect([await stateOf(alice), await stateOf(bob)]).toEqual(['closed 0 0 3', 'active 5100 0 1']);
    // Whoever did not hear the answers asks again, and hears them.
    for (const operation of ['begin-closing', 'sweep', 'close']) expect(await take(closing, operation)).toBe('applied');
    expect([await stateOf(alice), await stateOf(bob)]).toEqual(['closed 0 0 3', 'active 5100 0 1']);
    const transfer = await bank.call('bob', 'GET', `/v1/transfers/${closing.input.sweepId}`, { key: null });
    expect(transfer.body).toMatchObject({ status: 'completed', amount: { amount: '50.00' } });
  });

  it('moves nothing when there is nothing', async () => {
    const alice = await bank.open('alice', '0', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const closing = closingOf(alice, bob);
    for (const operation of ['begin-closing', 'sweep', 'close']) expect(await take(closing, operation)).toBe('applied');
    expect(await stateOf(alice)).toBe('closed 0 0 3');
    expect((await bank.call('sam', 'GET', `/v1/transfers/${closing.input.sweepId}`, { key: null })).status).toBe(404);
  });

  it('takes nothing in between, and nothing of what came before is taken back', async () => {
    const alice = await bank.open('alice', '50.00', { bucket: FIRST });
    const near = await bank.open('bob', '50.00', { bucket: FIRST });
    const far = await bank.open('bob', '50.00', { bucket: SECOND });
    const closing = closingOf(alice, near);
    const earlier = await bank.transfer('bob', near, alice, '5.00');
    expect(await take(closing, 'begin-closing')).toBe('applied');
    const money = { amount: '1.00', currency: 'EUR' };
    const cash = { body: { accountId: alice, amount: money } };
    const asked = await bank.call('tessa', 'POST', `/v1/transfers/${earlier.body.id}/reversal`, {
      body: { reason: 'sent in error' },
    });
    const late = await Promise.all([
      bank.transfer('bob', near, alice, '1.00'),
      bank.transfer('bob', far, alice, '1.00'),
      bank.transfer('alice', alice, near, '1.00'),
      bank.transfer('alice', alice, far, '1.00'),
      bank.call('tessa', 'POST', '/v1/deposits', cash),
      bank.call('tessa', 'POST', '/v1/withdrawals', cash),
    ]);
    expect(late.map(({ status, body }) => `${status} ${body.code}`)).toEqual(Array(6).fill('409 account-not-active'));
    const approved = await bank.call('sam', 'POST', `/v1/approvals/transactions/${asked.body.id}/approve`);
    expect(approved.body).toMatchObject({ status: 'failed', failure: { code: 'account-not-active' } });
    expect(await swept(closing)).toBe('applied');
    expect([await stateOf(alice), await stateOf(near)]).toEqual(['closing 0 0 2', 'active 10000 0 1']);
  });

  it('is refused by what the rules say, for good, and then nothing needs to be taken back', async () => {
    const alice = await bank.open('alice', '50.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: FIRST });
    const hold = { accountId: alice, amount: { amount: '1.00', currency: 'EUR' }, reference: 'hotel' };
    expect((await bank.call('accounts', 'POST', '/internal/holds', { body: hold })).status).toBe(201);
    const closing = closingOf(alice, bob);
    expect(await take(closing, 'begin-closing')).toBe('rejected account-not-empty');
    expect(await take(closing, 'begin-closing')).toBe('rejected account-not-empty');
    expect(await take(closing, 'reopen')).toBe('applied');
    expect(await stateOf(alice)).toBe('active 5000 100 1');
  });

  it.each([
    ['in the same shard', FIRST],
    ['in another shard', SECOND],
  ])('is taken back when the other account, %s, is closed by then', async (_, bucket) => {
    const alice = await bank.open('alice', '50.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket });
    const closing = closingOf(alice, bob);
    expect(await take(closing, 'begin-closing')).toBe('applied');
    expect((await bank.control(bob, 'bob', 2, { status: 'closed' })).status).toBe(200);
    expect(await swept(closing)).toBe('rejected account-not-active');
    expect(await take(closing, 'reopen')).toBe('applied');
    expect(await take(closing, 'begin-closing', { attempt: 2 })).toBe('applied');
    expect(await stateOf(alice)).toBe('active 5000 0 3');
  });

  it('is taken back when the transfer between the shards comes to nothing', async () => {
    const alice = await bank.open('alice', '50.00', { bucket: FIRST, dailyLimitMinor: '5000' });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const closing = closingOf(alice, bob);
    expect(await take(closing, 'begin-closing')).toBe('applied');
    // The debit is called off before it comes.
    await bank.own?.database.execute(sql`
      INSERT INTO command (scope, key, fingerprint, status, body)
      VALUES ('saga', ${`${closing.input.sweepId}:post-debit:do`}, '', 422, '{"kind":"too_late"}')`);
    expect(await swept(closing)).toBe('rejected called-off');
    expect(await stateOf(alice)).toBe('closing 5000 0 2');
    expect(await take(closing, 'reopen')).toBe('applied');
    expect([await stateOf(alice), await stateOf(bob)]).toEqual(['active 5000 0 3', 'active 0 0 1']);
    // Nor does what was not spent count against the day's limit.
    expect((await bank.transfer('alice', alice, bob, '50.00')).status).toBe(202);
  });

  it('can not begin after it was taken back', async () => {
    const alice = await bank.open('alice', '50.00', { bucket: FIRST });
    const closing = closingOf(alice, await bank.open('bob', '0', { bucket: FIRST }));
    expect(await take(closing, 'reopen')).toBe('applied');
    expect(await take(closing, 'begin-closing')).toBe('too_late');
    expect(await stateOf(alice)).toBe('active 5000 0 1');
  });

  it('goes before an older instruction, and not before a newer one', async () => {
    const alice = await bank.open('alice', '50.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: FIRST });
    await bank.control(alice, 'alice', 2, { status: 'frozen' });
    expect(await take(closingOf(alice, bob, { mayBeFrozen: true }), 'begin-closing')).toBe(
      'rejected account-not-active',
    );
    expect(await take(closingOf(alice, bob, { controlVersion: 3 }), 'begin-closing')).toBe(
      'rejected account-not-active',
    );
    const byStaff = closingOf(alice, bob, { controlVersion: 4, mayBeFrozen: true, statusBefore: 'frozen' });
    expect(await take(byStaff, 'begin-closing')).toBe('applied');
    // A freeze of before that was slow, and one more of it.
    await bank.control(alice, 'alice', 3, { status: 'frozen' });
    expect(await stateOf(alice)).toBe('closing 5000 0 4');
    expect(await take(byStaff, 'reopen')).toBe('applied');
    expect(await stateOf(alice)).toBe('frozen 5000 0 5');
  });
});

describe('a command that is not in order', () => {
  it('changes nothing, and says so', async () => {
    const alice = await bank.open('alice', '50.00', { bucket: FIRST });
    const closing = closingOf(alice, await bank.open('bob', '0', { bucket: FIRST }));
    const asked = command(closing, 'begin-closing');
    expect((await send(asked, 'nobody')).status).toBe(401);
    expect((await send(asked, 'sam')).status).toBe(403);
    expect((await send(asked, 'nobody', { headers: { authorization: 'Bearer forged' } })).status).toBe(401);
    expect((await send({ ...asked, extra: true })).status).toBe(400);
    for (const wrong of [
      { operation: 'empty-the-vault' },
      { operation: 'constructor' },
      { operation: 'close', op: 'undo' },
      { participant: 'payer-ledger' },
      { payload: { input: { ...closing.input, accountId: 7 }, outputs: {} } },
      { payload: { input: { ...closing.input, controlVersion: '2' }, outputs: {} } },
      { payload: { input: { ...closing.input, sweepId: newId(SECOND) }, outputs: {} } },
    ]) {
      expect(await take(closing, 'begin-closing', wrong)).toBe('unknown');
    }
    expect(await stateOf(alice)).toBe('active 5000 0 1');
  });

  it('is not taken for the one that came before under its name', async () => {
    const alice = await bank.open('alice', '50.00', { bucket: FIRST });
    const [bob, eve] = [await bank.open('bob', '0', { bucket: FIRST }), await bank.open('eve', '0', { bucket: FIRST })];
    const closing = closingOf(alice, bob);
    expect(await take(closing, 'begin-closing')).toBe('applied');
    expect(await take(closing, 'sweep')).toBe('applied');
    const other = { payload: { input: { ...closing.input, targetAccountId: eve }, outputs: {} } };
    for (const operation of ['begin-closing', 'sweep']) expect(await take(closing, operation, other)).toBe('unknown');
    expect([await stateOf(bob), await stateOf(eve)]).toEqual(['active 5000 0 1', 'active 0 0 1']);
  });
});
