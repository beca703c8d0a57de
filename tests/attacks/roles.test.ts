import { endMySessions, gatewayRoutes, mayAny, ROLES, type RouteContract } from '@florin/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanLog } from './answers.ts';
import type { Ask, Attack, Seen } from './asking.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { exampleOf, OPERATIONS } from './operations.ts';
import { type Person, person } from './people.ts';

let attacked: AttackedBank;
let people: readonly Person[];
beforeAll(async () => {
  attacked = await startAttackedBank();
  people = await everyRole();
});
afterAll(() => attacked.close());

let made = 0;

/** Somebody of each role; made anew after they ended all that they are signed in with. */
function everyRole(): Promise<Person[]> {
  made += 1;
  return Promise.all(ROLES.map((role) => person(attacked, `Only ${role} ${made}`, [role])));
}

const ANSWERED_BY_THE_GATEWAY = new Set(gatewayRoutes.map(({ operationId }) => operationId as string));

type Verdict = 'let in' | 'refused by role' | 'not signed in' | 'no such path';

function verdictOf({ status, body, text }: Seen): Verdict {
  // Let in, and asked to sign in anew before this: RFC 9470.
  if (status === 401 && body['code'] === 'fresh-sign-in-needed') return 'let in';
  if (status === 401) return 'not signed in';
  // An answer to HEAD has no body that says more.
  if (status === 403 && (text === '' || body['code'] === 'forbidden')) return 'refused by role';
  return status === 404 && body['code'] === 'not-found' ? 'no such path' : 'let in';
}

/** By whoever asks, `nobody` among them, what became of one request. */
async function verdicts(ask: Ask, attack: Attack, tokens: ReadonlyMap<string, string>) {
  const nobody = verdictOf(await ask(attack));
  const found: Record<string, Verdict> = { nobody };
  for (const [who, token] of tokens) found[who] = verdictOf(await ask({ ...attack, token, key: newKey() }));
  return found;
}

function expected({ access }: RouteContract, place: 'the gateway' | 'the service'): Record<string, Verdict> {
  const nobody = access.kind === 'public' ? 'let in' : 'not signed in';
  if (access.kind === 'internal' && place === 'the gateway') return all('no such path', 'no such path');
  if (access.kind === 'internal') return all('refused by role', nobody);
  if (access.kind === 'public') return all('let in', nobody);
  const byRole = ROLES.map(
    (role) => [role, mayAny([role], access.permissions) ? 'let in' : 'refused by role'] as const,
  );
  return { nobody, ...Object.fromEntries(byRole) };
}

function all(each: Verdict, nobody: Verdict): Record<string, Verdict> {
  return { nobody, ...Object.fromEntries(ROLES.map((role) => [role, each])) };
}

describe('T27: every role and every operation', () => {
  it('T27: every operation says who may call it', () => {
    const silent = OPERATIONS.filter(
      ({ access }) =>
        access === undefined || (access.kind === 'signed-in' && (access.permissions.length as number) === 0),
    );
    expect(silent.map(({ operationId }) => operationId)).toEqual([]);
    expect(OPERATIONS.length).toBeGreaterThan(80);
  });

  it.each(OPERATIONS.map((contract) => [contract.operationId, contract] as const))(
    'T27: %s lets in whom its contract names, and nobody else',
    async (_, contract) => {
      const tokens = new Map(people.map(({ token }, index) => [ROLES[index] ?? '', token]));
      const found = await verdicts(attacked.ask, exampleOf(contract), tokens);
      expect(found).toEqual(expected(contract, 'the gateway'));
      if (contract.operationId === endMySessions.operationId) people = await everyRole();
    },
  );

  it.each(
    OPERATIONS.filter(({ operationId }) => !ANSWERED_BY_THE_GATEWAY.has(operationId)).map(
      (contract) => [contract.operationId, contract] as const,
    ),
  )('T27: %s is guarded by its service too, should somebody get past the gateway', async (_, contract) => {
    const { service } = contract;
    const tokens = new Map<string, string>();
    for (const [index, role] of ROLES.entries()) {
      const principal = { subject: people[index]?.id ?? '', kind: 'person', roles: [role] } as const;
      tokens.set(role, await attacked.bank.tokens.mint(principal, service));
    }
    const found = await verdicts(attacked.askService(service), exampleOf(contract), tokens);
    expect(found).toEqual(expected(contract, 'the service'));
    if (contract.operationId === endMySessions.operationId) people = await everyRole();
  });

  it('T27: who was refused is in the log, with what they asked for', async () => {
    const [customer] = people;
    const seen = await attacked.askPort({ path: '/v1/ledger/trial-balance', token: customer?.token ?? '' });
    const line = attacked
      .logged()
      .split('\n')
      .find((one) => one.includes(String(seen.body['traceId'])));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      status: 403,
      subject: customer?.id,
      route: '/v1/ledger/trial-balance',
      outcome: 'forbidden',
    });
    expectCleanLog(attacked);
  });
});
