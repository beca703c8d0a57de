import { messagingMigrations } from '@florin/messaging';
import { openDatabase, sql } from '@florin/postgres';
import { fail, newId, ok } from '@florin/primitives';
import { type FakeClock, fakeClock, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { APPROVAL_LIFE_MS } from './approval.ts';
import { type ApprovalDesk, approve, ask, finishApproved, reject, type Wanted } from './approval-desk.ts';
import { findApproval } from './approval-rows.ts';
import { approvalMigrations } from './index.ts';

let opened: Awaited<ReturnType<typeof testDatabase>>;
let owner: ReturnType<typeof openDatabase>;
let clock: FakeClock;
let desk: ApprovalDesk;
/** How often the door was opened, by approval. */
let openings: string[];
/** What the door says when it is to be opened, or breaks before or after that is settled. */
let door: 'opens' | 'is walled up' | 'breaks before' | 'breaks after';

beforeAll(async () => {
  opened = await testDatabase([messagingMigrations, approvalMigrations]);
  owner = openDatabase({ url: opened.ownerUrl, applicationName: 'test-owner' });
});
afterAll(async () => {
  await owner.close();
  await opened.close();
});
beforeEach(() => {
  clock = fakeClock(Date.UTC(2026, 10, 26));
  openings = [];
  door = 'opens';
  desk = {
    stores: [opened.database],
    storeOf: () => opened.database,
    kinds: {
      'door.open': {
        async carryOut({ id }, settle) {
          if (door === 'is walled up') return fail({ code: 'account-closed', detail: 'There is a wall.' });
          if (door === 'breaks before') throw new Error('the handle came off');
          if (await opened.database.transaction(settle)) openings.push(id);
          if (door === 'breaks after') throw new Error('the hinge came off');
          return ok(null);
        },
        refusal: async ({ resource }, checker) =>
          resource === `door of ${checker}` ? { code: 'own-account', detail: 'Their own.' } : undefined,
        current: async () => ({}),
      },
    },
    source: 'test',
    clock,
    newId,
  };
});

const who = (subject: string) => ({ subject, roles: ['supervisor'], traceId: 't' });
const question = (): Wanted => ({
  action: 'door.open',
  resource: 'the front door',
  payload: { key: 'brass', turns: '2' },
  reason: 'It is cold outside',
  bucket: 0,
});

async function asked(wanted: Partial<Wanted> = {}): Promise<string> {
  const made = await ask(desk, who('mia'), { ...question(), ...wanted });
  if (!made.ok) throw new Error(made.failure.code);
  return made.value.id;
}

const codeOf = (result: Awaited<ReturnType<typeof approve>>) => (result.ok ? result.value.status : result.failure.code);
const by = async (subject: string, id: string) => codeOf(await approve(desk, who(subject), id));

describe('T35: what two people decide', () => {
  it('T35: nothing happens when it is asked, and it happens when a second person says yes', async () => {
    const id = await asked();
    expect(openings).toEqual([]);
    expect(await by('zoe', id)).toBe('done');
    expect(openings).toEqual([id]);
    expect(await findApproval(opened.database, id)).toMatchObject({ maker: 'mia', checker: 'zoe', failure: null });
  });

  it('T35: not by who asked, whoever else they are by now', async () => {
    const id = await asked();
    expect(await by('mia', id)).toBe('second-person-required');
    expect(codeOf(await reject(desk, who('mia'), id, 'I did not mean it'))).toBe('second-person-required');
    expect(openings).toEqual([]);
  });

  it('T35: once: a second yes, a no after it, and a yes after a no do nothing', async () => {
    const id = await asked();
    await by('zoe', id);
    expect(await by('yan', id)).toBe('approval-decided');
    expect(codeOf(await reject(desk, who('yan'), id, 'Too late'))).toBe('approval-decided');
    const other = await asked();
    expect(codeOf(await reject(desk, who('zoe'), other, 'It is warm'))).toBe('rejected');
    expect(await by('yan', other)).toBe('approval-decided');
    expect(openings).toEqual([id]);
  });

  it('T35: two at the same moment: one decides, and it is done once', async () => {
    const id = await asked();
    const outcomes = await Promise.all(['zoe', 'yan', 'xia', 'wim'].map((subject) => by(subject, id)));
    expect(outcomes.toSorted()).toEqual(['approval-decided', 'approval-decided', 'approval-decided', 'done']);
    expect(openings).toEqual([id]);
  });

  it('T35: not after a day; then it can be asked anew', async () => {
    const wanted = { exclusiveKey: 'expires' };
    const id = await asked(wanted);
    clock.advance(APPROVAL_LIFE_MS);
    expect(await by('zoe', id)).toBe('approval-expired');
    const again = await asked(wanted);
    expect(await by('zoe', id)).toBe('approval-expired');
    expect(await by('zoe', again)).toBe('done');
    expect(openings).toEqual([again]);
  });

  it.each([
    ['its payload', sql`payload = '{"key":"brass","turns":"3"}'`],
    ['what it is about', sql`resource = 'the vault'`],
    ['its reason', sql`reason = 'Because'`],
    ['who asked', sql`maker = 'ann'`],
  ])('T35: not what was changed since: %s', async (_, change) => {
    const id = await asked();
    const update = sql`UPDATE approval SET ${change} WHERE id = ${id}`;
    await expect(opened.database.execute(update)).rejects.toMatchObject({ code: '42501' });
    await owner.execute(sql`ALTER TABLE approval DISABLE TRIGGER approval_goes_on`);
    await owner.execute(update);
    await owner.execute(sql`ALTER TABLE approval ENABLE TRIGGER approval_goes_on`);
    expect(await by('zoe', id)).toBe('approval-altered');
    expect(openings).toEqual([]);
  });

  it('T35: not about what is their own', async () => {
    expect(await by('zoe', await asked({ resource: 'door of zoe' }))).toBe('own-account');
    expect(openings).toEqual([]);
  });

  it('has failed when it can not be done any more, and says why', async () => {
    const id = await asked();
    door = 'is walled up';
    expect(await by('zoe', id)).toBe('failed');
    expect(await findApproval(opened.database, id)).toMatchObject({
      failure: { code: 'account-closed', detail: 'There is a wall.' },
    });
    expect(await by('yan', id)).toBe('approval-decided');
  });
});

describe('what the database refuses, whatever the code does', () => {
  const decided = (id: string, change: ReturnType<typeof sql>) =>
    opened.database.execute(sql`UPDATE approval SET ${change} WHERE id = ${id}`);

  it('T35: one person for both', async () => {
    const change = sql`status = 'approved', checker = maker, checker_roles = '{}', decided_at = now()`;
    await expect(decided(await asked(), change)).rejects.toMatchObject({ constraint: 'approval_second_person' });
  });

  it('T35: an approval without anybody, and an end without an approval', async () => {
    const id = await asked();
    await expect(decided(id, sql`status = 'approved'`)).rejects.toMatchObject({ constraint: 'approval_has_checker' });
    const skipped = sql`status = 'done', checker = 'zoe', checker_roles = '{}', decided_at = now(), ended_at = now()`;
    await expect(decided(id, skipped)).rejects.toMatchObject({ constraint: 'approval_goes_on' });
  });

  it('T35: to carry out again what is done, and to bring back what was rejected', async () => {
    const id = await asked();
    await by('zoe', id);
    await expect(decided(id, sql`status = 'approved', ended_at = NULL`)).rejects.toMatchObject({
      constraint: 'approval_goes_on',
    });
    const other = await asked();
    await reject(desk, who('zoe'), other, 'It is warm');
    await expect(decided(other, sql`status = 'approved'`)).rejects.toMatchObject({ constraint: 'approval_goes_on' });
  });

  it('that anything be forgotten', async () => {
    const id = await asked();
    await expect(opened.database.execute(sql`DELETE FROM approval WHERE id = ${id}`)).rejects.toMatchObject({
      code: '42501',
    });
  });
});

describe('asking', () => {
  it('the same again under its key is the same question; another one is refused', async () => {
    const wanted = { ...question(), requestKey: 'mia 1' };
    const [first, again] = [await ask(desk, who('mia'), wanted), await ask(desk, who('mia'), wanted)];
    expect(again).toEqual(first);
    expect(await ask(desk, who('mia'), { ...wanted, payload: { key: 'iron' } })).toMatchObject({
      ok: false,
      failure: { code: 'idempotency-key-reused' },
    });
  });

  it('one open question of a name at a time, also when many ask at once', async () => {
    const wanted = { ...question(), exclusiveKey: 'one at a time' };
    const made = await Promise.all(['mia', 'ann', 'bea'].map((subject) => ask(desk, who(subject), wanted)));
    expect(made.filter((one) => one.ok)).toHaveLength(1);
    expect(made.flatMap((one) => (one.ok ? [] : [one.failure.code]))).toEqual(['approval-pending', 'approval-pending']);
  });
});

describe('what was approved and interrupted', () => {
  it.each(['breaks before', 'breaks after'] as const)('is done, and once: %s', async (kind) => {
    const id = await asked();
    door = kind;
    await expect(approve(desk, who('zoe'), id)).rejects.toThrow('came off');
    door = 'opens';
    await finishApproved(desk);
    clock.advance(10_001);
    await finishApproved(desk);
    await finishApproved(desk);
    expect(openings).toEqual([id]);
    expect(await findApproval(opened.database, id)).toMatchObject({ status: 'done', checker: 'zoe' });
  });
});
