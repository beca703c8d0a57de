import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDeposit, createTransfer, createWithdrawal, openAccount, readAllNotifications } from '@florin/contracts';
import { Fault, invariant, systemClock, utcDate } from '@florin/primitives';
import type { Bank } from './bank.ts';
import { BUSINESS_RESERVE, DEMO_ACCOUNTS, type DemoAccount, FIRST_PRODUCT, nameOf } from './demo-accounts.ts';
import { DemoBank, type DemoUser } from './demo-bank.ts';
import { type DemoEvent, demoHistory, openingDate } from './demo-history.ts';
import { keepPayeesAndOrders, type OpenedAccount } from './demo-orders.ts';
import { DEMO_BUSINESSES, DEMO_CUSTOMERS, DEMO_PEOPLE } from './demo-people.ts';
import { inProcessFetch } from './in-process-fetch.ts';
import { writePrivately } from './secrets.ts';

const RAISED = { ratePerSecond: 10_000, burst: 10_000 };
const OPENING_HOUR_MS = 9 * 3_600_000;
const EVERYBODY = [...DEMO_PEOPLE, ...DEMO_CUSTOMERS, ...DEMO_BUSINESSES];
/** Twenty characters. */
const PASSWORD_BYTES = 15;
const TELLER = 'tessa';
const SUPERVISOR = 'sam';
/** Keys of requests are kept for a day: a seeding that goes on later would make everything twice. */
const UNFINISHED_MS_MAX = 12 * 3_600_000;

/**
 * Fills an empty bank with the demo people and more than three months of their lives, through the public API: sign-up,
 * sign-in, accounts, deposits, transfers. Every request has a key of its own that is the same each time, so a seeding
 * that was cut short goes on where it stopped, and a complete one changes nothing. Answers the demo users' passwords.
 * Faults: `demo-unfinished` when it was cut short too long ago.
 */
export async function seedDemo(
  bank: Bank,
  options: { readonly home: string; readonly publicUrl: string },
): Promise<Readonly<Record<string, DemoUser>>> {
  const done = join(options.home, 'demo-seeded');
  const users = demoUsers(options.home, existsSync(done));
  if (existsSync(done)) return users;
  const door = await bank.openSideDoor({ address: RAISED, caller: RAISED, signIn: RAISED });
  try {
    await tellStory(new DemoBank(bank, inProcessFetch(door), options.publicUrl, users));
  } finally {
    await door.close();
  }
  writePrivately(done, { seeded: true });
  return users;
}

/** The demo users with their passwords, new ones the first time. */
function demoUsers(home: string, isDone: boolean): Readonly<Record<string, DemoUser>> {
  const file = join(home, 'demo-users.json');
  if (existsSync(file)) {
    if (!isDone && systemClock() - statSync(file).mtimeMs > UNFINISHED_MS_MAX) {
      throw new Fault('demo-unfinished', 'the demo data was never finished; npm start -- --reset makes it anew');
    }
    return JSON.parse(readFileSync(file, 'utf8'));
  }
  const users = Object.fromEntries(
    EVERYBODY.map(
      ({ login }) => [login, { login, password: randomBytes(PASSWORD_BYTES).toString('base64url') }] as const,
    ),
  );
  // Written before anyone signs up: a password that only a killed process knew would lock the demo out.
  writePrivately(file, users);
  return users;
}

async function tellStory(demo: DemoBank): Promise<void> {
  const today = utcDate(systemClock());
  await demo.setClock(Date.parse(openingDate(today)) + OPENING_HOUR_MS);
  const active = new Set([TELLER, SUPERVISOR, ...DEMO_ACCOUNTS.map(({ login }) => login)]);
  const admitted = Promise.all(EVERYBODY.filter(({ login }) => active.has(login)).map((one) => demo.admit(one)));
  const [accounts] = await Promise.all([openAccounts(demo), admitted]);
  const accountOf = (name: string): OpenedAccount => {
    const account = accounts.get(name);
    invariant(account !== undefined, `the demo has no account ${name}`);
    return account;
  };
  // The others have nothing to do with the past, and hashing their passwords takes a thread of its own.
  const others = EVERYBODY.filter(({ login }) => !active.has(login)).map((one) => demo.signUp(one));
  const past = live(demo, today, accountOf);
  await Promise.all([past, ...others]);
  await demo.resetClock();
  await keepPayeesAndOrders(demo, today, accountOf);
  await readOldNews(demo);
}

/** Nobody wants to begin with the news of three months. */
async function readOldNews(demo: DemoBank): Promise<void> {
  const customers = new Set(DEMO_ACCOUNTS.map(({ login }) => login));
  await Promise.all([...customers].map((login) => demo.act(login, readAllNotifications.path)));
}

/**
 * Opens everybody's accounts, each person's one after the other, and pays in what is on them at the start. The first is
 * the one that came with signing up; whoever has no use for a current account calls it a reserve.
 */
async function openAccounts(demo: DemoBank): Promise<ReadonlyMap<string, OpenedAccount>> {
  const opened = new Map<string, OpenedAccount>();
  const byLogin = Map.groupBy(DEMO_ACCOUNTS, ({ login }) => login);
  await Promise.all(
    [...byLogin].map(async ([login, accounts]) => {
      const everyday = accounts.find(({ productCode }) => productCode === FIRST_PRODUCT);
      const first = await demo.firstAccount(login, everyday?.title ?? BUSINESS_RESERVE);
      for (const account of accounts) {
        const { id, iban } = account === everyday ? first : await openOne(demo, account);
        opened.set(nameOf(account), { id, iban });
        await payIn(demo, account, id);
      }
    }),
  );
  return opened;
}

async function openOne(demo: DemoBank, account: DemoAccount): Promise<OpenedAccount> {
  const { login, productCode, title: name } = account;
  const { body } = await demo.post(login, openAccount.path, { productCode, name }, `demo-open-${nameOf(account)}`);
  return { id: String(body['id']), iban: String(body['iban']) };
}

async function payIn(demo: DemoBank, account: DemoAccount, accountId: string): Promise<void> {
  if (account.opening === undefined) return;
  const amount = { amount: account.opening, currency: account.currency };
  const body = { accountId, amount, reference: 'Opening deposit' };
  await demo.payIn(TELLER, SUPERVISOR, body, `demo-deposit-${nameOf(account)}`);
}

const CURRENCIES = new Map(DEMO_ACCOUNTS.map((account) => [nameOf(account), account.currency]));

/**
 * Moves the business clock from moment to moment and makes what happens at each, side by side: nothing in a moment needs
 * what another one of it brings.
 */
async function live(demo: DemoBank, today: string, accountOf: (name: string) => OpenedAccount): Promise<void> {
  const idsByKey = new Map<string, string>();
  for (const { atMs, events } of demoHistory(today)) {
    await demo.setClock(atMs);
    await Promise.all(
      events.map(async (event) => idsByKey.set(event.key, await make(demo, event, accountOf, idsByKey))),
    );
  }
}

/** Makes one thing happen; answers the id of its journal, or of the one that it took back. */
async function make(
  demo: DemoBank,
  event: DemoEvent,
  accountOf: (name: string) => OpenedAccount,
  idsByKey: ReadonlyMap<string, string>,
): Promise<string> {
  const { key } = event;
  if (event.kind === 'reversal') {
    const id = idsByKey.get(event.of) ?? '';
    await demo.takeBack(TELLER, SUPERVISOR, id, event.reason, key);
    return id;
  }
  const { reference } = event;
  const place = event.kind === 'transfer' ? event.from : event.account;
  const amount = { amount: event.amount, currency: CURRENCIES.get(place) };
  if (event.kind === 'transfer') {
    const [login = ''] = place.split('/');
    const body = { fromAccountId: accountOf(place).id, toAccountId: accountOf(event.to).id, amount, reference };
    return idOf(await demo.move(login, createTransfer.path, body, key));
  }
  const { path } = event.kind === 'deposit' ? createDeposit : createWithdrawal;
  return idOf(await demo.post(TELLER, path, { accountId: accountOf(place).id, amount, reference }, key));
}

function idOf({ body }: { readonly body: Readonly<Record<string, unknown>> }): string {
  return String(body['id']);
}
