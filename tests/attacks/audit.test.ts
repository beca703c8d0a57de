import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type AuditAction, mayAny, ROLES, type RouteContract, STAFF_READS } from '@florin/contracts';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectCleanLog } from './answers.ts';
import type { Attack, Seen } from './asking.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { ACTIONS } from './audited-actions.ts';
import { READINGS } from './audited-readings.ts';
import { exampleOf, OPERATIONS, pathOf } from './operations.ts';
import { type Cast, castOf } from './people.ts';
import { idsInPath } from './whose-ids.ts';

let attacked: AttackedBank;
let cast: Cast;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
});
afterAll(() => attacked.close());

/** How many records each request left, to be counted once more at the end. */
const counted = new Map<string, number>();
const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

const recordsOf = async (traceId: string) => (await attacked.audits()).filter((one) => one.traceId === traceId);

/** Asks with a trace of its own; answers what is on record under it, once it is there. */
async function onRecord(
  attack: Attack,
  expected = 1,
): Promise<{ readonly seen: Seen; readonly records: readonly AuditAction[] }> {
  const traceId = randomBytes(TRACE_BYTES).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(SPAN_BYTES).toString('hex')}-00`;
  const seen = await attacked.ask({ ...attack, headers: { ...attack.headers, traceparent } });
  await vi
    .waitUntil(async () => (await recordsOf(traceId)).length >= expected, { timeout: 5_000, interval: 20 })
    .catch(() => undefined);
  counted.set(traceId, expected);
  return { seen, records: await recordsOf(traceId) };
}

const subjectOf = ({ token = '' }: Attack) => String(decodeJwt(token).sub);
const rolesOf = ({ token = '' }: Attack) => decodeJwt(token)['roles'];

const isSignedIn = ({ access }: RouteContract) => access.kind === 'signed-in';
const changing = OPERATIONS.filter((contract) => contract.method !== 'GET' && isSignedIn(contract));
const cases = changing.map((contract) => [contract.operationId, contract] as const);

describe('T52: what was done is on record', () => {
  it('T52: of every operation that changes something it is known how it is done, and of no other', () => {
    expect(Object.keys(ACTIONS).sort()).toEqual(changing.map(({ operationId }) => operationId).sort());
    expect(Object.keys(READINGS).sort()).toEqual([...STAFF_READS].sort());
  });

  it.each(cases)('T52: %s, once', async (operationId) => {
    const { done, recorded } = ACTIONS[operationId] ?? { done: { changesNothing: 'it is not known' } };
    if (typeof done !== 'function') {
      if ('file' in done)
        expect(await readFile(new URL(`../../${done.file}`, import.meta.url), 'utf8')).toContain(done.title);
      return;
    }
    const attack = await done({ attacked, cast });
    const { seen, records } = await onRecord(attack, recorded?.length);
    expect(seen.status, seen.text).toBeLessThan(300);
    expect(records).toHaveLength(recorded?.length ?? 1);
    for (const record of records) {
      expect(record).toMatchObject({ actor: subjectOf(attack), roles: rolesOf(attack), outcome: 'done', operationId });
      expect(record.address).toMatch(/\/24$|\/48$/);
    }
    if (recorded !== undefined) expect(records.map(({ action }) => action)).toEqual(recorded);
  });

  it('T52: a request that is repeated under its key is on record once', async () => {
    const { bob, carol } = cast;
    const key = newKey();
    const body = { fromAccountId: bob.accountId, toIban: carol.iban, amount: { amount: '0.10', currency: 'EUR' } };
    const attack: Attack = { method: 'POST', path: '/v1/transfers', token: bob.token, key, body };
    expect((await onRecord(attack)).records).toHaveLength(1);
    const again = await onRecord(attack, 0);
    expect(again.seen.headers['idempotency-replayed']).toBe('true');
    expect(again.records).toEqual([]);
  });

  it('T52: a sign-up and a sign-in are on record', async () => {
    await attacked.stores.mark();
    const body = { email: 'nina.new@example.com', password: 'canary-password-of-everybody', name: 'Nina New' };
    const { records, seen } = await onRecord({ method: 'POST', path: '/v1/users', body });
    expect(records).toMatchObject([{ action: 'users.sign-up', actor: seen.body['id'], outcome: 'done' }]);
    await attacked.signIn('nina.new@example.com');
    const signIns = (await attacked.audits()).filter(({ action }) => action === 'users.sign-in');
    const from = { operationId: 'submitSignIn', address: expect.stringMatching(/\/24$/) };
    expect(signIns).toMatchObject([{ actor: seen.body['id'], outcome: 'done', ...from }]);
  });
});

describe('T52: what was denied is on record', () => {
  it.each(cases)('T52: %s, once', async (operationId, contract) => {
    const { denied } = ACTIONS[operationId] ?? {};
    if (typeof denied === 'object') return;
    const attack = denied === undefined ? byAnotherRole(contract) : await denied({ attacked, cast });
    const { seen, records } = await onRecord(attack);
    expect([401, 403, 404], seen.text).toContain(seen.status);
    expect(records).toMatchObject([
      {
        actor: subjectOf(attack),
        roles: rolesOf(attack),
        action: operationId,
        operationId,
        outcome: 'denied',
        reason: seen.body['code'],
        traceId: seen.body['traceId'],
      },
    ]);
    expect(records).toHaveLength(1);
  });

  function byAnotherRole(contract: RouteContract): Attack {
    const { access } = contract;
    const role = ROLES.find((one) => access.kind === 'signed-in' && !mayAny([one], access.permissions));
    if (role === undefined) throw new Error(`everybody may ${contract.operationId}: say who is denied`);
    return { ...exampleOf(contract), token: cast.staff[role].token, key: newKey() };
  }

  const owned = OPERATIONS.filter(isSignedIn).flatMap((contract) =>
    idsInPath(contract).flatMap(({ param, whose }) =>
      typeof whose === 'function' && contract.method === 'GET'
        ? [[contract.operationId, contract, param, whose] as const]
        : [],
    ),
  );

  it.each(owned)('T25: %s with an id of somebody else, by its address', async (operationId, contract, param, whose) => {
    const hers = whose(cast.alice);
    const params = Object.fromEntries(
      idsInPath(contract).flatMap((one) => (typeof one.whose === 'function' ? [[one.param, one.whose(cast.bob)]] : [])),
    );
    const example = exampleOf(contract);
    const query = example.path.includes('?') ? example.path.slice(example.path.indexOf('?')) : '';
    // Those of one person at one operation are put together, so the second id of a path is asked for by another.
    const asker = param === 'transactionId' ? cast.carol : cast.bob;
    const attack = {
      ...example,
      path: `${pathOf(contract, { ...params, [param]: hers })}${query}`,
      token: asker.token,
    };
    const { records } = await onRecord(attack);
    expect(records).toMatchObject([{ actor: asker.id, operationId, outcome: 'denied' }]);
    expect(records[0]?.resource).toContain(hers);
  });

  it('T52: an account in a body, too', async () => {
    const { alice, carol } = cast;
    const body = { fromAccountId: alice.accountId, toIban: carol.iban, amount: { amount: '1.00', currency: 'EUR' } };
    const { records } = await onRecord({
      method: 'POST',
      path: '/v1/transfers',
      token: carol.token,
      key: newKey(),
      body,
    });
    expect(records).toMatchObject([{ outcome: 'denied', resource: `/v1/transfers account:${alice.accountId}` }]);
  });

  it('T52: the accounts of a batch, put together, although the batch is answered', async () => {
    const { alice, bob, carol } = cast;
    const item = { toIban: carol.iban, amount: { amount: '1.00', currency: 'EUR' } };
    const items = [alice.accountId, bob.accountId, alice.secondAccountId].map((fromAccountId) => ({
      ...{ ...item, fromAccountId, key: newKey() },
    }));
    const body = { mode: 'independent', items };
    const { seen, records } = await onRecord(
      { method: 'POST', path: '/v1/transfer-batches', token: bob.token, key: newKey(), body },
      2,
    );
    expect(seen.status).toBe(200);
    expect(records.map(({ outcome, resource }) => (outcome === 'denied' ? resource : outcome)).sort()).toEqual([
      `account:${alice.accountId}`,
      'done',
    ]);
  });

  it('T40: the network of a record is where the request came from, whatever it says', async () => {
    const headers = {
      'x-florin-network': '198.51.100.0/24',
      'x-forwarded-for': '198.51.100.7',
      forwarded: 'for=198.51.100.7',
    };
    const { records } = await onRecord({ path: '/v1/ledger/reconciliations/latest', token: cast.carol.token, headers });
    expect(records).toMatchObject([{ outcome: 'denied', address: '127.0.0.0/24' }]);
  });

  it('T52: a rule that says no to staff is on record as refused', async () => {
    const { token, id } = cast.staff.teller;
    const body = { accountId: cast.alice.accountId, amount: { amount: '4999.00', currency: 'EUR' } };
    const { seen, records } = await onRecord({ method: 'POST', path: '/v1/withdrawals', token, key: newKey(), body });
    expect(seen.status).toBe(422);
    expect(records).toMatchObject([{ actor: id, outcome: 'refused', reason: seen.body['code'] }]);
  });

  it('T52: a thousand denials of one person are two records, and the second counts the others', async () => {
    await attacked.stores.mark();
    const { token, id } = cast.staff['loan-officer'];
    for (let round = 0; round < 1_000; round += 1) await attacked.ask({ path: '/v1/ledger/trial-balance', token });
    const first = (await attacked.audits()).filter(({ actor }) => actor === id);
    expect(first).toMatchObject([{ outcome: 'denied', reason: 'forbidden' }]);
    const { text } = await attacked.ask({ path: '/v1/ledger/trial-balance', token });
    expect(text).toContain('forbidden');
  });

  it('T52: whoever is nobody leaves no record, however often they knock', async () => {
    const { records, seen } = await onRecord({ path: '/v1/me' }, 0);
    expect([seen.status, records]).toEqual([401, []]);
  });
});

describe('T52: what staff read of customers is on record', () => {
  it.each(Object.entries(READINGS))('T52: %s', async (operationId, reading) => {
    if (typeof reading !== 'function') return;
    const attack = await reading({ attacked, cast });
    const { seen, records } = await onRecord(attack);
    expect(seen.status, seen.text).toBeLessThan(300);
    expect(records).toMatchObject([
      { actor: cast.staff.auditor.id, action: operationId, operationId, outcome: 'done' },
    ]);
  });

  it('T52: what customers read of their own is not', async () => {
    const { bob } = cast;
    const { seen, records } = await onRecord({ path: `/v1/accounts/${bob.accountId}/balance`, token: bob.token }, 0);
    expect([seen.status, records]).toEqual([200, []]);
  });
});

describe('at the end', () => {
  it('T52: no request left another record later', async () => {
    const late = [];
    for (const [traceId, expected] of counted) {
      const { length } = await recordsOf(traceId);
      if (length > expected) late.push({ traceId, expected, length });
    }
    // The records before the last mark are forgotten, so there can only be more, never fewer.
    expect(late).toEqual([]);
    expect(counted.size).toBeGreaterThan(80);
  });

  it('T47: no secret is in the log or in a record', async () => {
    expectCleanLog(attacked);
    expect(JSON.stringify(await attacked.audits())).not.toMatch(/canary|eyJ[\w-]{20,}\./);
  });
});
