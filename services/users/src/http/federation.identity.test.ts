import { sql } from '@florin/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, PASSWORD } from '../../fixtures/loopback-users.ts';
import {
  addPasskey,
  claimsAfter,
  comeBack,
  OUTSIDERS,
  ownPassword,
  showPasskey,
  startVouchedUsers,
} from '../../fixtures/vouched-users.fixture.ts';

let stage: Awaited<ReturnType<typeof startVouchedUsers>>;

beforeAll(async () => {
  stage = await startVouchedUsers();
});

afterAll(() => stage?.close());

const atHead = (login: string) => stage.byRedirect('head')(login, ownPassword(login));

describe('another issuer', () => {
  it('may be trusted for two factors, and then asks for no second one here', async () => {
    expect(await atHead('mfa')).toEqual({ in: true });
    await stage.givePasskey('mfa@head.example');
    expect(await atHead('mfa')).toEqual({ in: true });
    await stage.database.execute(sql`DELETE FROM passkey`);
  });

  it('is asked for a sign-in of the last five minutes: a session left open there opens none here', async () => {
    const { asked } = await stage.sent('head', 'recent');
    expect(asked.searchParams.get('max_age')).toBe('300');
    expect(await atHead('open')).toEqual({ refused: 'sign-in-failed' });
    expect(await stage.personOf('open@head.example')).toBeUndefined();
  });

  it('says when it asked, and a sign-in here is no fresher than that', async () => {
    const { browser, callback } = await stage.sent('head', 'recent');
    const { auth_time } = await claimsAfter(stage.users.origin, browser, callback.href);
    const ageSeconds = Date.now() / 1_000 - Number(auth_time);
    expect(ageSeconds).toBeGreaterThanOrEqual(200);
    expect(ageSeconds).toBeLessThan(300);
  });

  it('links nobody by an address: who has it here signs in here', async () => {
    expect(await atHead('taken')).toEqual({ refused: 'email-taken' });
    expect(await stage.byPassword(undefined)('maria@example.com', PASSWORD)).toEqual({ in: true });
  });

  it('is not the other one: the same name there is another person, who has no address here', async () => {
    expect(await atHead('otto')).toEqual({ in: true });
    expect(await stage.byRedirect('other')('otto', ownPassword('otto'))).toEqual({ refused: 'email-taken' });
  });

  it('takes a role away with every sign-in that had it', async () => {
    expect(await atHead('otto')).toEqual({ in: true });
    const otto = await stage.personOf('otto@head.example');
    const [person] = OUTSIDERS.filter(({ login }) => login === 'otto');
    if (person === undefined || otto === undefined) throw new Error('otto is there');
    person.roles = ['golf'];
    stage.users.published.length = 0;
    expect(await atHead('otto')).toEqual({ in: true });
    person.roles = ['bank-teller', 'golf'];
    expect((await stage.personOf('otto@head.example'))?.roles).toEqual(['customer']);
    await expect
      .poll(() => stage.users.published.filter(({ type }) => type === 'users.sessions-revoked.v1').length)
      .toBeGreaterThan(0);
    expect(stage.users.published.filter(({ data }) => data['userId'] === otto.id)).not.toEqual([]);
  });

  it('makes staff of a customer, whom nobody welcomes with an account any more', async () => {
    expect(await atHead('risen')).toEqual({ in: true });
    const risen = await stage.personOf('risen@head.example');
    const welcome = () =>
      stage.database.query(sql`SELECT status FROM choreography WHERE subject = ${risen?.id ?? null}`);
    await expect.poll(welcome).toEqual([{ status: 'running' }]);
    const [person] = OUTSIDERS.filter(({ login }) => login === 'risen');
    if (person === undefined) throw new Error('risen is there');
    person.roles = ['bank-teller'];
    expect(await atHead('risen')).toEqual({ in: true });
    expect(await welcome()).toEqual([{ status: 'completed' }]);
  });

  it('is believed about an address as far as it says it is theirs', async () => {
    for (const login of ['carla', 'unconfirmed']) {
      expect(await atHead(login), login).toEqual({ in: true });
      const person = await stage.personOf(`${login}@head.example`);
      expect(person?.emailConfirmed, login).toBe(login === 'carla');
    }
  });

  it('makes one person of two first sign-ins at once', async () => {
    await stage.database.execute(sql`DELETE FROM identity WHERE subject = 'f:mfa'`);
    const before = await stage.personOf('mfa@head.example');
    await stage.database.execute(sql`
      UPDATE person SET email_index = decode(md5(random()::text), 'hex') WHERE id = ${before?.id ?? null}`);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => atHead('mfa')));
    expect(outcomes).toEqual(Array(4).fill({ in: true }));
    const rows = await stage.database.query(sql`SELECT FROM identity WHERE subject = 'f:mfa'`);
    expect(rows).toHaveLength(1);
  });

  it('leaves no person behind whom another first sign-in was quicker than, under another address', async () => {
    const maria = await stage.personOf('maria@example.com');
    const { browser, callback } = await stage.sent('head', 'recent');
    await stage.database.execute(sql`DELETE FROM identity WHERE subject = 'f:recent'`);
    await stage.database.execute(sql`
      UPDATE person SET email_index = decode(md5(random()::text), 'hex')
       WHERE id = ${(await stage.personOf('recent@head.example'))?.id ?? null}`);
    const people = () => stage.database.query(sql`SELECT id FROM person ORDER BY id`);
    const before = await people();
    const { location } = await browser.get(callback.href);
    const end = await stage.database.transaction(async (tx) => {
      await tx.execute(sql`
        INSERT INTO identity (issuer, subject, person_id)
        VALUES (${stage.head.issuer}, 'f:recent', ${maria?.id ?? null})`);
      const slower = browser.get(location);
      const waiting = () => stage.database.query(sql`SELECT FROM pg_locks WHERE NOT granted`);
      await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0);
      return { slower };
    });
    expect((await end.slower).status).toBe(500);
    expect(await people()).toEqual(before);
    await stage.database.execute(sql`DELETE FROM identity WHERE subject = 'f:recent'`);
  });

  it('lets nobody in by a passkey alone, which is good after it', async () => {
    expect(await atHead('otto')).toEqual({ in: true });
    const otto = await stage.personOf('otto@head.example');
    const authenticator = await addPasskey(stage.users.origin, otto?.id ?? '');
    const alone = await stage.beginHere();
    expect(await showPasskey(stage.users.origin, alone, authenticator)).toMatchObject({ code: 'passkey-refused' });
    const { browser, interaction, callback } = await stage.sent('head');
    expect(browser.cookie('florin_federation')).toBeDefined();
    expect(await comeBack(browser, callback.href)).toEqual({ asks: ['passkey', 'recovery-code'] });
    expect(browser.cookie('florin_federation')).toBeUndefined();
    const after = await showPasskey(stage.users.origin, { browser, interaction }, authenticator);
    expect(after).toHaveProperty('location');
    await stage.database.execute(sql`DELETE FROM passkey`);
  });

  it('lets nobody in whom this bank keeps out', async () => {
    expect(await atHead('carla')).toEqual({ in: true });
    const carla = await stage.personOf('carla@head.example');
    const become = (status: string) =>
      stage.database.execute(sql`UPDATE person SET status = ${status} WHERE id = ${carla?.id ?? null}`);
    await become('disabled');
    expect(await atHead('carla')).toEqual({ refused: 'sign-in-failed' });
    await expectOnRecord({ actor: carla?.id, outcome: 'refused', reason: 'wrong-credentials' });
    await become('active');
    expect(await atHead('carla')).toEqual({ in: true });
  });

  it('has it on record when an answer is none', async () => {
    const { browser, callback } = await stage.sent('head');
    callback.searchParams.set('code', 'made-up');
    stage.users.published.length = 0;
    expect(await comeBack(browser, callback.href)).toEqual({ refused: 'sign-in-failed' });
    await expectOnRecord({ actor: 'anonymous', outcome: 'refused', reason: 'wrong-credentials' });
  });

  it('lets nobody in by a password here', async () => {
    const otto = await stage.personOf('otto@head.example');
    // The hash of a password that we know, as if a way had been found to set one.
    const maria = await stage.personOf('maria@example.com');
    await stage.database.execute(sql`
      UPDATE person SET password_hash = (SELECT password_hash FROM person WHERE id = ${maria?.id ?? null})
       WHERE id = ${otto?.id ?? null}`);
    expect(await stage.byPassword(undefined)('otto@head.example', PASSWORD)).toEqual({ refused: 'wrong-credentials' });
  });
});

describe('T14: who comes back from another issuer', () => {
  it('in another browser is nobody, and so is who is led there by a link', async () => {
    const { callback } = await stage.sent('head');
    const victim = openBrowser(stage.users.origin);
    const end = await victim.get((await victim.get(callback.href)).location);
    expect(end.location).not.toContain('code=');
    const begun = await stage.sent('head');
    // Their own sign-in is under way too, and still this is not the answer to it.
    const { callback: strange } = await stage.sent('head', 'carla');
    const led = new URL(begun.callback);
    led.searchParams.set('code', strange.searchParams.get('code') ?? '');
    expect(await comeBack(begun.browser, led.href)).toEqual({ refused: 'sign-in-failed' });
  });

  it('with the answer of another issuer is nobody', async () => {
    const [first, second] = [await stage.sent('head'), await stage.sent('other')];
    for (const mixed of ['code', 'iss']) {
      const { browser, callback } = mixed === 'code' ? first : await stage.sent('head');
      callback.searchParams.set(mixed, second.callback.searchParams.get(mixed) ?? '');
      expect(await comeBack(browser, callback.href), mixed).toEqual({ refused: 'sign-in-failed' });
    }
  });

  it('with a cookie of another sign-in that was planted is nobody', async () => {
    const [stranger, { browser, interaction }] = [await stage.sent('head'), await stage.beginHere()];
    browser.plant('florin_federation', stranger.browser.cookie('florin_federation') ?? '');
    const end = await browser.get(`${interaction}/federated${stranger.callback.search}`);
    expect(new URL(end.location).searchParams.get('problem')).toBe('sign-in-failed');
  });

  it('with another state of the same sign-in is nobody', async () => {
    const { browser, callback } = await stage.sent('head');
    const [uid] = (callback.searchParams.get('state') ?? '').split('.');
    callback.searchParams.set('state', `${uid}.${'a'.repeat(32)}`);
    expect(await comeBack(browser, callback.href)).toEqual({ refused: 'sign-in-failed' });
  });

  it('comes back once', async () => {
    const { browser, callback } = await stage.sent('head');
    expect(await comeBack(browser, callback.href)).toEqual({ in: true });
    const again = await browser.get((await browser.get(callback.href)).location);
    expect(again.location).not.toContain('code=');
  });

  it.each([
    ['without a state', { state: undefined }],
    ['with a state of nothing', { state: 'x' }],
    ['with a state that leads elsewhere in a few letters', { state: '../../oidc/auth.a' }],
    ['with a state that leads elsewhere', { state: '../../oidc/auth.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }],
    ['with an error', { code: undefined, error: 'access_denied' }],
    ['with a code that nobody gave', { code: 'made-up' }],
  ] as const)('%s is nobody', async (_, changes) => {
    const { browser, callback } = await stage.sent('head');
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) callback.searchParams.delete(name);
      else callback.searchParams.set(name, value);
    }
    const way = await browser.get(callback.href);
    expect(new URL(way.location).origin).toBe(stage.users.origin);
    // A state that is none of ours leads nowhere but to the page that says so.
    if ('state' in changes) expect(new URL(way.location).pathname).toBe('/signed-out');
    const end = await browser.get(way.location);
    expect([way.location, end.location].join()).not.toContain('callback?code=');
  });
});

async function expectOnRecord(record: object): Promise<void> {
  const records = () => stage.users.published.filter(({ type }) => type === 'audit.action.v1').map(({ data }) => data);
  await expect.poll(records).toContainEqual(expect.objectContaining({ action: 'users.sign-in', ...record }));
}
