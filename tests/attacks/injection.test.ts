import { mayAny } from '@florin/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesNothing, expectCleanLog, expectNothingOfOurs, expectProblem } from './answers.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { OPERATIONS, pathOf, queryText, schemaOf } from './operations.ts';
import { type Cast, castOf } from './people.ts';

let attacked: AttackedBank;
let cast: Cast;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
});
afterAll(() => attacked.close());

describe('T47: what is typed in to spoil the log', () => {
  const SPOILERS = [
    'one\r\n{"level":"error","msg":"forged"}',
    '\u001b[2J\u001b[31m',
    '","subject":"admin","x":"',
    '\u2028\u2029',
  ];

  it.each(SPOILERS.map((text) => [JSON.stringify(text), text]))(
    'T47: %s stays inside of one line, or out',
    async (_, text) => {
      const before = attacked.logged().length;
      const encoded = encodeURIComponent(text);
      await attacked.askPort({ path: `/v1/${encoded}`, token: cast.bob.token });
      await attacked.askPort({ path: `/v1/customers?q=${encoded}`, token: cast.staff.teller.token });
      await attacked.askPort({ path: '/v1/me', headers: { 'user-agent': text.replaceAll(/[^\t\x20-\x7e]/g, '') } });
      const login = {
        method: 'POST',
        path: '/interaction/none',
        body: { login: text, password: 'canary-password' },
      } as const;
      await attacked.askPort(login);
      await attacked.askPort({ path: '/v1/me', headers: { traceparent: '00-<script>-evil-01' } });
      const lines = attacked.logged().slice(before).trimEnd().split('\n');
      expect(lines.length).toBeGreaterThan(3);
      for (const line of lines) {
        expect(JSON.parse(line)).toMatchObject({ service: 'florin' });
        for (const spoilt of ['forged', '\u001b', '<script>']) expect(line).not.toContain(spoilt);
      }
    },
  );
});

describe('T48: when something breaks inside', () => {
  it('T48: the answer says that it is recorded, and nothing else; the log has the rest', async () => {
    const { stores, ask } = attacked;
    await stores.harm('transactions', 'ALTER TABLE payee RENAME TO payee_gone');
    const asked = [
      { path: '/v1/payees' },
      { method: 'POST', path: '/v1/payees', body: { name: 'Carol', iban: cast.carol.iban } },
      { method: 'DELETE', path: `/v1/payees/${cast.bob.payeeId}` },
    ] as const;
    try {
      for (const attack of asked) {
        const seen = await ask({ ...attack, token: cast.bob.token });
        expectProblem(seen, 500, 'internal-error');
        expect(seen.text).not.toMatch(/payee_gone|relation|column/);
        expect(attacked.logged()).toContain(String(seen.body['traceId']));
      }
    } finally {
      await stores.harm('transactions', 'ALTER TABLE payee_gone RENAME TO payee');
    }
    expect((await ask({ path: '/v1/payees', token: cast.bob.token })).status).toBe(200);
  });
});

/** What sqlmap, NoSQL and query-string attacks begin with. */
const INJECTIONS = [
  "'",
  "' OR '1'='1",
  "' UNION SELECT NULL,NULL --",
  "'; DROP TABLE account; --",
  '1) OR (SELECT 1 FROM pg_sleep(5))=1 --',
  '%',
  '_',
  '\\',
  '*:*',
  '{"$ne":1}',
  '$where',
  'id ASC, (SELECT password FROM person)',
];

describe('T49: words that are taken for a part of a question', () => {
  const listing = OPERATIONS.filter(
    ({ method, query, access }) => method === 'GET' && query !== undefined && access.kind === 'signed-in',
  ).flatMap((contract) => {
    const { properties = {} } = (schemaOf(contract.query) ?? {}) as { properties?: Record<string, { type?: string }> };
    return Object.keys(properties)
      .filter((name) => properties[name]?.type === 'string')
      .map((name) => [contract.operationId, name, contract] as const);
  });

  it.each(listing)('T49: %s takes %s for nothing but a word', async (_, name, contract) => {
    const { bob, staff, alice } = cast;
    const isCustomers = contract.access.kind === 'signed-in' && mayAny(['customer'], contract.access.permissions);
    const asker =
      contract.access.kind === 'signed-in' && mayAny(['supervisor'], contract.access.permissions)
        ? staff.supervisor
        : staff.admin;
    const token = isCustomers ? bob.token : asker.token;
    const path = pathOf(contract, isCustomers ? { id: bob.accountId } : {});
    await changesNothing(attacked, async () => {
      for (const word of INJECTIONS) {
        const seen = await attacked.ask({ path: `${path}${queryText({ [name]: word })}`, token });
        expect([200, 400, 404], seen.text).toContain(seen.status);
        expectNothingOfOurs(seen.text);
        if (isCustomers) expect(seen.text).not.toContain(alice.accountId);
        // A word that is in no text finds nothing, where a part of a question would have found everything.
        if (name === 'q' && seen.status === 200) expect(seen.body['data'] ?? []).toEqual([]);
      }
    });
  });

  it('T49: there is no list whose order is the caller’s words', () => {
    const names = OPERATIONS.flatMap(({ query }) => Object.keys(query?.properties ?? {}));
    expect(names.filter((name) => /^(sort|order|orderBy|filter|where|fields)$/i.test(name))).toEqual([]);
  });

  it('T49: a cursor that was changed shows nothing else', async () => {
    const { alice, bob } = cast;
    const list = `/v1/accounts/${bob.accountId}/transactions?limit=1`;
    const cursor = String((await attacked.ask({ path: list, token: bob.token })).body['nextCursor']);
    for (let at = 0; at < cursor.length; at += 1) {
      for (const letter of ['A', 'z', '0', '-']) {
        const changed = cursor.slice(0, at) + letter + cursor.slice(at + 1);
        const seen = await attacked.ask({ path: `${list}&cursor=${encodeURIComponent(changed)}`, token: bob.token });
        expect([200, 400], seen.text).toContain(seen.status);
        expect(seen.text).not.toContain('canary-reference-of-Alice');
        expect(seen.text).not.toContain(alice.id);
      }
    }
  });
});

describe('T50: names that change what an object is', () => {
  const POLLUTED = [
    '{"__proto__":{"admin":true}',
    '{"constructor":{"prototype":{"admin":true}}',
    '{"a":{"__proto__":{"admin":true}}',
  ];

  it.each(POLLUTED)('T50: %s', async (start) => {
    const { alice, carol } = cast;
    const payment = { fromAccountId: alice.accountId, toIban: carol.iban, amount: { amount: '1.00', currency: 'EUR' } };
    const text = `${start},${JSON.stringify(payment).slice(1)}`;
    const headers = { 'content-type': 'application/json' };
    const attack = { method: 'POST', path: '/v1/transfers', token: alice.token, key: newKey(), text, headers } as const;
    expectProblem(await changesNothing(attacked, () => attacked.ask(attack)), 400, 'invalid-request');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each(['__proto__[admin]=true', '__proto__=true', 'constructor[prototype][admin]=true', 'limit[__proto__]=1'])(
    'T50: ?%s',
    async (query) => {
      const path = `/v1/accounts/${cast.alice.accountId}/transactions?${query}`;
      expectProblem(await attacked.ask({ path, token: cast.alice.token }), 400, 'invalid-request');
      expect(({} as { admin?: boolean }).admin).toBeUndefined();
    },
  );
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
