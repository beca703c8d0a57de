import { sql } from '@florin/postgres';
import { newId, utcDate } from '@florin/primitives';
import { type FakeClock, fakeClock } from '@florin/testing';
import type { ControlCommand } from '../domain/command.ts';
import type { Frequency } from '../domain/schedule.ts';
import type { StandingOrder } from '../domain/standing-order.ts';
import { createPublish } from '../events/publish-standing-orders.ts';
import { findAccounts } from '../repositories/accounts.ts';
import { findExecutions } from '../repositories/standing-order-executions.ts';
import { findOrder } from '../repositories/standing-orders.ts';
import { type ChangeRequest, changeStandingOrder } from '../use-cases/change-standing-order.ts';
import { createStandingOrder } from '../use-cases/create-standing-order.ts';
import { runStandingOrders } from '../use-cases/run-standing-orders.ts';
import { moveMoney } from '../use-cases/send-transfer.ts';
import type { StandingOrders } from '../use-cases/standing-orders.ts';
import type { Outcome } from '../use-cases/submission.ts';
import { openTestLedger, type TestLedger } from './test-ledger.ts';

const DAY_MS = 86_400_000;
const OPEN_MAX = 100;

interface Wanted {
  readonly owner?: string;
  readonly amountMinor?: bigint;
  readonly frequency?: Frequency;
  readonly startDate?: string;
  readonly endDate?: string | null;
}

/** A ledger with standing orders, on a business clock that stands still until it is told to move. */
export async function openTestStandingOrders(startDate: string) {
  const clock = fakeClock(Date.parse(`${startDate}T09:00:00Z`));
  const bank = await openTestLedger({ now: clock });
  const deps = depsOf(bank, clock);
  const db = bank.database.database;
  return {
    bank,
    clock,
    deps,
    /** Pays what is due. */
    run: () => runStandingOrders(deps),
    /** Makes it some later day. */
    moveTo(date: string): void {
      clock.advance(Date.parse(`${date}T09:00:00Z`) - clock());
    },
    nextDay: () => clock.advance(DAY_MS),
    /** Makes an order that must be accepted; answers its id. */
    order: (from: string, to: string, wanted: Wanted = {}) => makeOrder(deps, from, to, wanted),
    change: (id: string, request: ChangeRequest, owner = 'alice') => changeAs(deps, id, request, owner),
    /** Puts something else in force for an account. */
    control: (id: string, controlVersion: number, more: Partial<ControlCommand>) =>
      control(bank, id, controlVersion, more),
    async stateOf(id: string, owner = 'alice'): Promise<string> {
      return stateOf(await findOrder(db, id, owner));
    },
    /** What became of its dates, oldest first: `2026-01-31 #1 completed`. */
    async historyOf(id: string): Promise<string[]> {
      const executions = await findExecutions(db, id, { before: null, limit: 1_000 });
      return executions
        .reverse()
        .map((e) => `${e.dueDate} #${e.attempt} ${e.outcome}${e.problemCode === null ? '' : ` ${e.problemCode}`}`);
    },
    async balanceOf(id: string): Promise<bigint | undefined> {
      return (await findAccounts(db, [id]))[0]?.postedMinor;
    },
    /** Ends every order there is, so that none is due in the next test. */
    async cancelAll(): Promise<void> {
      await db.execute(sql`UPDATE standing_order SET status = 'cancelled', paused_because = NULL, next_date = NULL,
        try_on = NULL, over_at = now() WHERE over_at IS NULL`);
    },
    /** Lets the time pass that orders are left to the process that took them. */
    async releaseClaims(): Promise<void> {
      await db.execute(sql`UPDATE standing_order SET claimed_until = NULL`);
    },
    close: () => bank.close(),
  };
}

export type TestStandingOrders = Awaited<ReturnType<typeof openTestStandingOrders>>;

async function makeOrder(deps: StandingOrders, from: string, to: string, wanted: Wanted): Promise<string> {
  const { owner = 'alice', amountMinor = 100n, frequency = 'monthly', endDate = null } = wanted;
  const { startDate = deps.now().businessDate } = wanted;
  const [payee] = await findAccounts(deps.db, [to]);
  const text = { toIban: payee?.iban ?? '', payeeName: 'Landlord', reference: 'rent', currency: 'EUR' };
  const outcome = await createStandingOrder(deps, {
    actor: { subject: owner, roles: ['customer'], traceId: '' },
    scope: owner,
    key: newId(0),
    fingerprint: '',
    openMax: OPEN_MAX,
    wanted: { fromAccountId: from, ...text, amountMinor, frequency, startDate, endDate },
    present: (result) => ({ status: result.ok ? 201 : 422, body: result.ok ? result.value.id : '', isFinal: true }),
  });
  if (outcome.kind !== 'answered' || outcome.status !== 201) throw new Error('the order was refused');
  return outcome.body;
}

/** Standing orders on a ledger, as another process would have them. */
export function depsOf(bank: TestLedger, clock: FakeClock): StandingOrders {
  return {
    db: bank.database.database,
    send: (keyed) => moveMoney(bank.transfers, keyed),
    underKey: (_caller, _request, work) => work(),
    newId,
    now: () => ({ nowMs: clock(), businessDate: utcDate(clock()) }),
    bankCode: 'FLRN',
    findElsewhere: async () => undefined,
    countElsewhere: async () => 0,
    findAccounts: (ids) => findAccounts(bank.database.database, ids),
    publishApproval: async () => undefined,
    publish: createPublish('transactions', clock),
    published: () => undefined,
    notePaid: () => undefined,
  };
}

/** A change as its owner asks for it; answers the state of the order or the code of the refusal. */
export async function changeAs(deps: StandingOrders, id: string, request: ChangeRequest, owner = 'alice') {
  const changed = await changeStandingOrder(deps, id, { subject: owner, roles: ['customer'], traceId: '' }, request);
  return changed.ok ? stateOf(changed.value) : changed.failure.code;
}

/** The same, with a ledger to which something happens around each payment. */
export function withLedger(
  deps: StandingOrders,
  around: (pay: () => Promise<Outcome>) => Promise<Outcome>,
): StandingOrders {
  return { ...deps, send: (keyed) => around(() => deps.send(keyed)) };
}

function stateOf(order: StandingOrder | undefined): string {
  if (order === undefined) return 'none';
  const because = order.pausedBecause === null ? '' : ` ${order.pausedBecause}`;
  return `${order.status}${because}${order.nextDate === null ? '' : ` ${order.nextDate}`}`;
}

async function control(
  bank: TestLedger,
  id: string,
  controlVersion: number,
  more: Partial<ControlCommand>,
): Promise<void> {
  const [account] = await findAccounts(bank.database.database, [id]);
  if (account === undefined) throw new Error('there is no such account');
  const { iban, holderName, currency, status, owners, overdraftMinor, dailyLimitMinor, transferFeeMinor } = account;
  const inForce = { iban, holderName, currency, status, owners, overdraftMinor, dailyLimitMinor, transferFeeMinor };
  await bank.run({ kind: 'control', accountId: id, controlVersion, ...inForce, ...more });
}
