import { softAuthenticator } from '@florin/users/soft-authenticator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesNothing, expectCleanLog, expectProblem } from './answers.ts';
import { PUBLIC_URL, type Seen } from './asking.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { eur, openPayer, postedMinor, proveBooks } from './payments.ts';
import { firstAccount, type Person, person } from './people.ts';

type Payer = Person & { readonly accountId: string };

const HERE = { origin: PUBLIC_URL, rpId: new URL(PUBLIC_URL).hostname };
const phone = softAuthenticator();

let attacked: AttackedBank;
let supervisor: Person;
/** Has no second factor. */
let eve: Payer;
/** Has a passkey on her phone. */
let mia: Payer;
let paul: Payer;
/** Whom Mia keeps. */
let payeeId: string;

beforeAll(async () => {
  attacked = await startAttackedBank({ strongAuthentication: 'always' });
  const { token: teller } = await person(attacked, 'Tessa Teller', ['teller']);
  supervisor = await person(attacked, 'Sue Supervisor', ['supervisor']);
  eve = await openPayer(attacked, teller, 'Eve Exempt', '5000.00');
  paul = await openPayer(attacked, teller, 'Paul Payee', '10.00');
  mia = await openPayer(attacked, teller, 'Mia Mfa', '5000.00');
  const fresh = await tokenOf(mia, { auth_time: nowSeconds() });
  const options = await attacked.ask({ method: 'POST', path: '/v1/me/mfa/passkeys/options', token: fresh });
  const creation = phone.create(options.body as never, HERE);
  const body = { name: 'Phone', creation };
  const made = await attacked.ask({ method: 'POST', path: '/v1/me/mfa/passkeys', token: fresh, body });
  expect(made.status, made.text).toBe(201);
  mia = { ...mia, token: await tokenOf(mia) };
  const { iban } = await firstAccount(attacked, paul.token);
  const payee = { name: 'Paul Payee', iban };
  const kept = await attacked.ask({ method: 'POST', path: '/v1/payees', token: mia.token, body: payee });
  payeeId = String(kept.body['id']);
});
afterAll(() => attacked.close());

const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** A token of somebody in a session of theirs, as a sign-in with a password and a passkey gives it. */
function tokenOf({ id }: Person, claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const usual = { roles: ['customer'], sid: `sid-of-${id}`, acr: 'urn:florin:acr:password', second_factor: true };
  return attacked.forge.changed({ claims: { sub: id, ...usual, ...claims } });
}

interface Wanted {
  readonly amount?: { readonly amount: string; readonly currency: string };
  readonly toAccountId?: string;
  readonly token?: string;
  readonly confirmation?: string;
  readonly key?: string;
}

function pay(payer: Payer, { amount = eur('250.00'), toAccountId, token, confirmation, key = newKey() }: Wanted = {}) {
  return attacked.ask({
    method: 'POST',
    path: '/v1/transfers',
    token: token ?? payer.token,
    key,
    body: { fromAccountId: payer.accountId, toAccountId: toAccountId ?? paul.accountId, amount },
    ...(confirmation === undefined ? {} : { headers: { 'x-confirmation': confirmation } }),
  });
}

const challengeIn = ({ body }: Seen) => body['challenge'] as { readonly id: string; readonly hash: string };

function answer(id: string, proof: object, token = mia.token): Promise<Seen> {
  return attacked.ask({ method: 'POST', path: `/v1/confirmations/${id}`, token, body: proof });
}

const signed = (hash: string) => ({ assertion: phone.get({ challenge: hash }, HERE) });

/** A confirmed challenge for 250.00 to Paul. */
async function confirmed(): Promise<string> {
  const { id, hash } = challengeIn(await pay(mia));
  const answered = await answer(id, signed(hash));
  expect(answered.status, answered.text).toBe(200);
  return id;
}

/** Runs an attack that moves no money, whatever else is written of it. */
async function movesNothing(attack: () => Promise<Seen>): Promise<Seen> {
  const before = [await postedMinor(attacked, mia.accountId), await postedMinor(attacked, paul.accountId)];
  const seen = await attack();
  expect([await postedMinor(attacked, mia.accountId), await postedMinor(attacked, paul.accountId)]).toEqual(before);
  return seen;
}

describe('T16: without the second factor', () => {
  it('T16: who has none pays nobody else beyond what is exempt, and the refusal is on record', async () => {
    await attacked.stores.mark();
    expectProblem(await changesNothing(attacked, () => pay(eve)), 403, 'second-factor-needed');
    expect(await attacked.audits()).toContainEqual(
      expect.objectContaining({ actor: eve.id, action: 'confirmation.use', reason: 'second-factor-needed' }),
    );
  });

  it('T16: a stolen session of who has one gets a challenge, and no money', async () => {
    const seen = await changesNothing(attacked, () => pay(mia));
    expectProblem(seen, 403, 'confirmation-required');
    const { id } = challengeIn(seen);
    for (const code of ['000000', '123456']) expectProblem(await answer(id, { code }), 401, 'wrong-code');
    expectProblem(await movesNothing(() => pay(mia, { confirmation: id })), 403, 'confirmation-refused');
  });

  it('T16: cut into small ones, five go through and no sixth, however many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => pay(eve, { amount: eur('1.00') })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    for (const seen of answers.filter(({ status }) => status !== 201)) expectProblem(seen, 403, 'second-factor-needed');
    await proveBooks(attacked, supervisor.token);
  });

  it('T16: in a batch and at the ledger’s own door it is the same', async () => {
    const item = { fromAccountId: mia.accountId, toAccountId: paul.accountId, amount: eur('250.00') };
    const batch = { mode: 'independent', items: [{ key: newKey(), ...item }] };
    const path = '/v1/transfer-batches';
    const seen = await movesNothing(() =>
      attacked.ask({ method: 'POST', path, token: mia.token, key: newKey(), body: batch }),
    );
    expect(seen.body['items']).toMatchObject([{ status: 403, problem: { code: 'confirmation-required' } }]);
    const principal = { subject: mia.id, kind: 'person', roles: ['customer'], hasSecondFactor: true } as const;
    const token = await attacked.bank.tokens.mint(principal, 'transactions');
    const direct = { method: 'POST', path: '/v1/transfers', token, key: newKey(), body: item } as const;
    expectProblem(await movesNothing(() => attacked.askService('transactions')(direct)), 403, 'confirmation-required');
  });

  it('T16: nobody empties an account into somebody else’s by closing it', async () => {
    const { iban } = await firstAccount(attacked, paul.token);
    for (const payer of [eve, mia]) {
      const path = `/v1/accounts/${payer.accountId}/close`;
      const attack = { method: 'POST', path, token: payer.token, key: newKey(), body: { restTo: iban } } as const;
      expectProblem(await changesNothing(attacked, () => attacked.ask(attack)), 403, 'rest-to-others');
    }
  });

  it.each([
    ['an old sign-in with two factors', { acr: 'urn:florin:acr:mfa', auth_time: nowSeconds() - 600 }],
    ['a new one with a password alone', { auth_time: nowSeconds() }],
  ])('T16: %s trusts no payee, and is told how to do better', async (_, claims) => {
    const token = await tokenOf(mia, claims);
    const path = `/v1/payees/${payeeId}/trust`;
    const seen = await changesNothing(attacked, () => attacked.ask({ method: 'PUT', path, token }));
    expectProblem(seen, 401, 'fresh-sign-in-needed');
    expect(seen.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_user_authentication", acr_values="urn:florin:acr:mfa", max_age="300"',
    );
  });
});

describe('T17: a confirmation of one payment', () => {
  it.each<[string, Wanted | (() => Promise<Wanted>)]>([
    ['with another amount', { amount: eur('250.01') }],
    ['with an amount that needs none', { amount: eur('1.00') }],
    ['in another session of hers', async () => ({ token: await tokenOf(mia, { sid: 'another' }) })],
    ['for another payee', async () => ({ toAccountId: eve.accountId })],
  ])('T17: %s is refused, and is still good for its own', async (_, changed) => {
    const confirmation = await confirmed();
    const wanted = typeof changed === 'function' ? await changed() : changed;
    expectProblem(await movesNothing(() => pay(mia, { ...wanted, confirmation })), 403, 'confirmation-refused');
    expect((await pay(mia, { confirmation })).status).toBe(201);
  });

  it('T17: in another currency it is refused before anything is asked', async () => {
    const confirmation = await confirmed();
    const amount = { amount: '250.00', currency: 'USD' };
    expectProblem(await movesNothing(() => pay(mia, { amount, confirmation })), 422, 'currency-mismatch');
  });

  it('T17: used by somebody else it is as one that does not exist', async () => {
    const { id, hash } = challengeIn(await pay(mia));
    expectProblem(await answer(id, signed(hash), paul.token), 404, 'confirmation-not-found');
    expect((await answer(id, signed(hash))).status).toBe(200);
    const theirs = await pay(paul, { toAccountId: mia.accountId, amount: eur('5.00'), confirmation: id });
    expectProblem(theirs, 403, 'confirmation-refused');
  });

  it('T17: answered with a signature of another payment, or with one signature twice, it stays open', async () => {
    const first = challengeIn(await pay(mia));
    const second = challengeIn(await pay(mia, { amount: eur('900.00') }));
    const signature = signed(first.hash);
    expectProblem(await answer(second.id, signature), 401, 'passkey-refused');
    expect((await answer(first.id, signature)).status).toBe(200);
    expectProblem(await answer(second.id, signature), 401, 'passkey-refused');
    const large = { amount: eur('900.00'), confirmation: second.id };
    expectProblem(await movesNothing(() => pay(mia, large)), 403, 'confirmation-refused');
  });

  it('T17: too late it is refused', async () => {
    const confirmation = await confirmed();
    const end = 'UPDATE confirmation SET expires_at = now() WHERE id = $1';
    await attacked.stores.harm('transactions', end, [confirmation]);
    expectProblem(await movesNothing(() => pay(mia, { confirmation })), 403, 'confirmation-refused');
  });

  it('T17: a second time, and by twenty at the same moment, it pays once', async () => {
    const confirmation = await confirmed();
    const before = BigInt(await postedMinor(attacked, paul.accountId));
    await attacked.stores.mark();
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(mia, { confirmation })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expectProblem(await pay(mia, { confirmation }), 403, 'confirmation-refused');
    expect(BigInt(await postedMinor(attacked, paul.accountId))).toBe(before + 250_00n);
    const audits = await attacked.audits();
    expect(audits.filter(({ action, outcome }) => action === 'confirmation.use' && outcome === 'done')).toHaveLength(1);
    expect(audits.filter(({ reason }) => reason === 'confirmation-refused')).toHaveLength(20);
    await proveBooks(attacked, supervisor.token);
    expectCleanLog(attacked);
  });
});
