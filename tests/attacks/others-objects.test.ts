import { mayAny, type RouteContract } from '@florin/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEventStream } from '../e2e/event-stream.ts';
import { changesNothing, expectCleanLog, expectProblem, withoutTrace } from './answers.ts';
import type { Attack } from './asking.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { exampleOf, OPERATIONS, pathOf } from './operations.ts';
import { type Cast, type Customer, castOf, payIn, settled } from './people.ts';
import { idsInPath, idsInRequest, likeIt, type WhoseId } from './whose-ids.ts';

let attacked: AttackedBank;
let cast: Cast;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
});
afterAll(() => attacked.close());

const isCustomers = ({ access }: RouteContract) =>
  access.kind === 'signed-in' && mayAny(['customer'], access.permissions);
const isOwned = (whose: WhoseId | undefined) => typeof whose === 'function';

/** A request of an operation with ids of this person in its path, but for those that are given. */
function requestOf(contract: RouteContract, owner: Customer, given: Readonly<Record<string, string>>): Attack {
  const own = idsInPath(contract).flatMap(({ param, whose }) =>
    typeof whose === 'function' ? [[param, whose(owner)] as const] : [],
  );
  const { path: example, ...rest } = exampleOf(contract, {
    fromAccountId: [owner.accountId],
    toIban: [cast.carol.iban],
  });
  const query = example.includes('?') ? example.slice(example.indexOf('?')) : '';
  return { ...rest, path: `${pathOf(contract, { ...Object.fromEntries(own), ...given })}${query}` };
}

/** Writes an id into a body, into every item of a list. */
function placed(body: unknown, steps: readonly string[], id: string): unknown {
  const [step = '', ...further] = steps;
  if (Array.isArray(body)) return body.map((item) => placed(item, steps, id));
  const fields = body as Readonly<Record<string, unknown>>;
  return { ...fields, [step]: further.length === 0 ? id : placed(fields[step], further, id) };
}

const inPaths = OPERATIONS.filter(isCustomers).flatMap((contract) =>
  idsInPath(contract)
    .filter(({ whose }) => isOwned(whose))
    .map(({ param, whose }) => [`${contract.operationId} {${param}}`, contract, param, whose] as const),
);
const inRequests = OPERATIONS.filter(isCustomers).flatMap((contract) =>
  idsInRequest(contract)
    .filter(({ whose }) => isOwned(whose))
    .map(({ place, whose }) => [`${contract.operationId} ${place}`, contract, place, whose] as const),
);

function idOf(whose: WhoseId | undefined, owner: Customer): string {
  if (typeof whose !== 'function') throw new Error('this id is nobody’s');
  return whose(owner);
}

describe('T25: an object of somebody else’s is not there', () => {
  it('T25: of every id in a path, a body or a query it is known whose it is', () => {
    const unknown = OPERATIONS.flatMap((contract) => [
      ...idsInPath(contract).map(({ param, whose }) => ({ at: `${contract.operationId} {${param}}`, whose })),
      ...idsInRequest(contract).map(({ place, whose }) => ({ at: `${contract.operationId} ${place}`, whose })),
    ]).filter(({ whose }) => whose === undefined);
    expect(unknown.map(({ at }) => at)).toEqual([]);
    expect(inPaths.length).toBeGreaterThan(20);
  });

  it.each(inPaths)(
    'T25: %s, and a stranger can not tell it from one that nobody has',
    async (_, contract, param, whose) => {
      const { alice, bob } = cast;
      const ask = (given: Readonly<Record<string, string>>) =>
        attacked.ask({ ...requestOf(contract, bob, given), token: bob.token, key: newKey() });
      const hers = idOf(whose, alice);
      const [seen, random] = await changesNothing(attacked, async () => [
        await ask({ [param]: hers }),
        await ask({ [param]: likeIt(hers) }),
      ]);
      expect(seen.status).toBe(404);
      if (contract.method !== 'GET' || seen.text !== '') expectProblem(seen, 404);
      expect(withoutTrace(seen)).toEqual(withoutTrace(random));
    },
  );

  it.each(inPaths.filter(([, { service }]) => service !== 'users'))(
    'T25: %s, at the service itself',
    async (_, contract, param, whose) => {
      const { alice, bob } = cast;
      const principal = { subject: bob.id, kind: 'person', roles: ['customer'] } as const;
      const token = await attacked.bank.tokens.mint(principal, contract.service);
      const ask = (id: string) =>
        attacked.askService(contract.service)({ ...requestOf(contract, bob, { [param]: id }), token, key: newKey() });
      const hers = idOf(whose, alice);
      const [seen, random] = await changesNothing(attacked, async () => [await ask(hers), await ask(likeIt(hers))]);
      expect(seen.status).toBe(404);
      expect(withoutTrace(seen)).toEqual(withoutTrace(random));
    },
  );
});

describe('T26: somebody else’s object in the middle of a request', () => {
  it.each(inRequests)('T26: %s', async (_, contract, place, whose) => {
    const { alice, bob } = cast;
    const good = requestOf(contract, bob, {});
    const steps = place.split('.').slice(1);
    const ask = (id: string) =>
      attacked.ask({ ...good, body: placed(good.body, steps, id), token: bob.token, key: newKey() });
    const hers = idOf(whose, alice);
    const [seen, random] = await changesNothing(attacked, async () => [await ask(hers), await ask(likeIt(hers))]);
    const texts = [seen, random].map(({ text }) => text.replaceAll(/"traceId":"\w+"/g, ''));
    expect(texts[0]).toBe(texts[1]);
    expect(seen.status).toBe(random.status);
    expect(seen.text).toContain('account-not-found');
  });

  const collections = OPERATIONS.filter(isCustomers).filter(
    (contract) => contract.method === 'GET' && idsInPath(contract).length === 0,
  );

  it.each(collections.map((contract) => [contract.operationId, contract] as const))(
    'T26: %s shows nothing of another customer, just after they looked themselves',
    async (_, contract) => {
      const { alice, bob } = cast;
      const attack = exampleOf(contract);
      await attacked.ask({ ...attack, token: alice.token });
      const { status, text } = await attacked.ask({ ...attack, token: bob.token });
      expect(status).toBeLessThan(400);
      const { token: _token, name: _name, ...ids } = alice;
      for (const hers of [...Object.values(ids), 'Alice', 'canary-reference-of-Alice'])
        expect(text).not.toContain(hers);
    },
  );

  it('T26: the cursor of somebody else’s list leads nowhere in it', async () => {
    const { alice, bob } = cast;
    const page = await attacked.ask({
      path: `/v1/accounts/${alice.accountId}/transactions?limit=1`,
      token: alice.token,
    });
    const cursor = String(page.body['nextCursor']);
    expect(cursor).not.toBe('null');
    const query = `limit=1&cursor=${encodeURIComponent(cursor)}`;
    expectProblem(
      await attacked.ask({ path: `/v1/accounts/${alice.accountId}/transactions?${query}`, token: bob.token }),
      404,
      'account-not-found',
    );
    const own = await attacked.ask({ path: `/v1/accounts/${bob.accountId}/transactions?${query}`, token: bob.token });
    expect(own.text).not.toContain(alice.lineId);
    expect(own.text).not.toContain('canary-reference-of-Alice');
  });

  it('T26: a stream tells of one’s own accounts alone', async () => {
    const { alice, bob } = cast;
    const { port } = await attacked.listen();
    const stream = await openEventStream(`http://127.0.0.1:${port}/v1/stream`, {
      authorization: `Bearer ${bob.token}`,
    });
    expect(await stream.next()).toMatchObject({ event: 'ready' });
    await payIn(attacked, cast.staff.teller.token, alice.accountId, '1.00');
    await settled(attacked);
    await payIn(attacked, cast.staff.teller.token, bob.accountId, '1.00');
    // Hers came first: had he been told of it, it would be here.
    expect((await stream.next())?.data).toMatchObject({ accountId: bob.accountId });
  });

  it('T26: a teller’s name search shows no address, and a customer has none', async () => {
    const found = await attacked.ask({ path: '/v1/customers?q=alice', token: cast.staff.teller.token });
    expect(found.text).toContain(cast.alice.id);
    expect(found.text).not.toContain('alice.attacked@example.com');
    const refused = await attacked.ask({ path: '/v1/customers?q=alice', token: cast.bob.token });
    expectProblem(refused, 403, 'forbidden');
  });

  it('T26: who looked at whom is on record, and nothing secret was logged', async () => {
    await attacked.stores.mark();
    await attacked.ask({ path: `/v1/customers/${cast.alice.id}`, token: cast.staff.auditor.token });
    expect(await attacked.audits()).toMatchObject([{ actor: cast.staff.auditor.id, outcome: 'done' }]);
    expectCleanLog(attacked);
  });
});

describe('it was the owner that made the difference', () => {
  it.each(inRequests)('T26: %s is taken from its owner', async (_, contract) => {
    const { bob } = cast;
    const own = await attacked.ask({ ...requestOf(contract, bob, {}), token: bob.token, key: newKey() });
    expect(own.status, own.text).toBeLessThan(300);
    expect(own.text).not.toContain('account-not-found');
  });

  it.each(inPaths)('T25: %s is there for its owner', async (_, contract, param, whose) => {
    const { bob } = cast;
    const ask = (given: Readonly<Record<string, string>>) =>
      attacked.ask({ ...requestOf(contract, bob, given), token: bob.token, key: newKey() });
    const random = await ask({ [param]: likeIt(idOf(whose, bob)) });
    const own = await ask({});
    expect(own.body['code'], own.text).not.toBe(random.body['code']);
    expect(own.body['code'], own.text).not.toBe('invalid-request');
    expect(own.status).not.toBe(401);
  });
});
