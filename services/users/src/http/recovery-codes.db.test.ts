import { afterAll, beforeAll, expect, test } from 'vitest';
import { factorUsers } from '../../fixtures/factor-owner.fixture.ts';

let bank: Awaited<ReturnType<typeof factorUsers>>;

beforeAll(async () => {
  bank = await factorUsers();
});
afterAll(() => bank.close());

const codes = (answers: readonly { readonly status: number; readonly body: { readonly code?: string } | null }[]) =>
  answers.map(({ status, body }) => body?.code ?? status);

test('T18: each is good once, however it is typed, also in parallel', async () => {
  const owner = await bank.withTotp();
  const [code = '', second = ''] = owner.recoveryCodes;
  const use = async (typed: string) => (await bank.afterPassword(owner.login)).submit('/code', { code: typed });
  expect(codes([await use(code.toLowerCase().replaceAll('-', ' ')), await use(code)])).toEqual([200, 'wrong-code']);
  const sides = await Promise.all(Array.from({ length: 3 }, () => bank.afterPassword(owner.login)));
  const answers = await Promise.all(sides.map(({ submit }) => submit('/code', { code: second })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect((await bank.call(owner.token('mfa'), 'GET', '/v1/me/mfa')).body.recoveryCodesLeft).toBe(8);
  await bank.users.service.idle();
  const said = bank.users.published.filter(({ data }) => data['change'] === 'recovery-code-used');
  expect(said.filter(({ data }) => data['userId'] === owner.personId)).toHaveLength(2);
});

test('are somebody’s own, and dead when new ones are made', async () => {
  const [owner, other] = [await bank.withTotp(), await bank.withTotp()];
  const use = async (code = '') => (await bank.afterPassword(owner.login)).submit('/code', { code });
  expect(codes([await use(other.recoveryCodes[0])])).toEqual(['wrong-code']);
  const made = await bank.call(owner.token('mfa'), 'POST', '/v1/me/mfa/recovery-codes');
  expect([made.status, made.body.recoveryCodes.length]).toEqual([201, 10]);
  expect(codes([await use(owner.recoveryCodes[0]), await use(made.body.recoveryCodes[0])])).toEqual([
    'wrong-code',
    200,
  ]);
  const plain = await bank.person();
  const refused = await bank.call(plain.token('password'), 'POST', '/v1/me/mfa/recovery-codes');
  expect(codes([refused])).toEqual(['no-second-factor']);
});
