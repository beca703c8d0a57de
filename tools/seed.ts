import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RouteContract, ServiceName } from '@florin/contracts';
import { setBusinessClock, setUserLogin, setUserRoles } from '@florin/contracts';
import { systemClock } from '@florin/primitives';
import type { Bank } from './bank.ts';
import { DEMO_DAYS, type DemoEvent, demoHistory } from './demo-history.ts';
import { DEMO_BUSINESSES, DEMO_PEOPLE, type DemoPerson, demoEmail } from './demo-people.ts';
import { inProcessFetch } from './in-process-fetch.ts';
import { secret, writePrivately } from './secrets.ts';
import { type FetchLike, SignInRefused, signIn } from './sign-in.ts';

/** What a demo user signs in with. */
export interface DemoUser {
  readonly login: string;
  readonly password: string;
}

const DAY_MS = 86_400_000;
const RAISED = { ratePerSecond: 10_000, burst: 10_000 };
/** What is on the accounts thirty days ago, in euros. */
const OPENING_BALANCES: Readonly<Record<string, string>> = {
  'alice/current': '1840.25',
  'alice/savings': '6200.00',
  'bob/current': '1215.80',
  'polder/business': '25000.00',
  'kanaal/business': '4000.00',
};

/**
 * Fills an empty bank with the demo people and thirty days of their lives, through the public API: sign-up, sign-in,
 * accounts, deposits, transfers. Every request has a key of its own that is the same each time, so a seeding that was
 * cut short goes on where it stopped, and a complete one changes nothing. Answers the demo users' passwords.
 */
export async function seedDemo(
  bank: Bank,
  options: { readonly home: string; readonly publicUrl: string },
): Promise<Readonly<Record<string, DemoUser>>> {
  const file = join(options.home, 'demo-users.json');
  const done = join(options.home, 'demo-seeded');
  const users: Record<string, DemoUser> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  if (existsSync(done)) return users;
  for (const { login } of [...DEMO_PEOPLE, ...DEMO_BUSINESSES])
    users[login] ??= { login, password: secret().slice(0, 20) };
  // Written before anyone signs up: a password that only a killed process knew would lock the demo out.
  writePrivately(file, users);

  const door = await bank.openSideDoor({ address: RAISED, caller: RAISED, signIn: RAISED });
  const seeding = new Seeding(bank, inProcessFetch(door), options.publicUrl, users);
  try {
    await seeding.people([...DEMO_PEOPLE, ...DEMO_BUSINESSES]);
    await seeding.accounts();
    await seeding.live(demoHistory());
  } finally {
    await door.close();
  }
  writePrivately(done, { seeded: true });
  return users;
}

interface WantedAccount {
  readonly name: string;
  readonly productCode: string;
  readonly title: string;
}

class Seeding {
  readonly #bank: Bank;
  readonly #fetch: FetchLike;
  readonly #baseUrl: string;
  readonly #users: Readonly<Record<string, DemoUser>>;
  readonly #tokens = new Map<string, string>();
  readonly #accountIds = new Map<string, string>();

  constructor(bank: Bank, fetch: FetchLike, baseUrl: string, users: Readonly<Record<string, DemoUser>>) {
    this.#bank = bank;
    this.#fetch = fetch;
    this.#baseUrl = baseUrl;
    this.#users = users;
  }

  /** Signs everyone up, gives them their short names and roles, and signs in those who will do something. */
  async people(people: readonly DemoPerson[]): Promise<void> {
    await Promise.all(
      people.map(async (person) => {
        const { login, password } = this.#userOf(person.login);
        const email = demoEmail(login);
        const answer = await this.#post('/v1/users', { email, password, name: person.name });
        if (answer.status !== 201 && answer.body['code'] !== 'email-taken') throw unexpected('sign-up', answer);
        const token = await this.#signIn(email, password);
        const id = answer.status === 201 ? String(answer.body['id']) : await this.#idOf(token);
        await this.#internal('users', setUserLogin, id, { login });
        if (person.roles.some((role) => role !== 'customer')) {
          await this.#internal('users', setUserRoles, id, { roles: person.roles });
          this.#tokens.set(login, await this.#signIn(email, password));
        } else {
          this.#tokens.set(login, token);
        }
      }),
    );
  }

  /** Opens the accounts and pays in what is on them thirty days ago. */
  async accounts(): Promise<void> {
    await this.#setDaysAgo(DEMO_DAYS + 1, 0);
    const wanted: Readonly<Record<string, readonly WantedAccount[]>> = {
      alice: [
        { name: 'current', productCode: 'current-eur', title: 'Everyday' },
        { name: 'savings', productCode: 'savings-eur', title: 'Rainy days' },
      ],
      bob: [{ name: 'current', productCode: 'current-eur', title: 'Everyday' }],
    };
    const business = [{ name: 'business', productCode: 'business-eur', title: 'Business' }];
    for (const { login } of DEMO_BUSINESSES) await this.#open(login, business);
    for (const [login, accounts] of Object.entries(wanted)) await this.#open(login, accounts);
  }

  /** Opens one person's accounts, in their order, and pays in what is on them at the start. */
  async #open(login: string, accounts: readonly WantedAccount[]): Promise<void> {
    for (const { name, productCode, title } of accounts) {
      const account = `${login}/${name}`;
      const answer = await this.#post('/v1/accounts', { productCode, name: title }, login, `demo-open-${account}`);
      if (answer.status !== 201) throw unexpected(`opening ${account}`, answer);
      const accountId = String(answer.body['id']);
      this.#accountIds.set(account, accountId);
      const amount = OPENING_BALANCES[account];
      if (amount === undefined) continue;
      const deposit = { accountId, amount: { amount, currency: 'EUR' }, reference: 'Opening deposit' };
      const paid = await this.#post('/v1/deposits', deposit, 'tessa', `demo-deposit-${account}`);
      if (paid.status !== 201) throw unexpected(`paying into ${account}`, paid);
    }
  }

  /** Moves the business clock from day to day and makes what happens on each. */
  async live(events: readonly DemoEvent[]): Promise<void> {
    for (const [index, event] of events.entries()) {
      await this.#setDaysAgo(event.daysAgo, event.minute);
      const transfer = {
        fromAccountId: this.#accountIds.get(event.from),
        toAccountId: this.#accountIds.get(event.to),
        amount: { amount: event.amount, currency: 'EUR' },
        reference: event.reference,
      };
      const [login = ''] = event.from.split('/');
      const answer = await this.#post('/v1/transfers', transfer, login, `demo-transfer-${index}`);
      // Somebody's money may run short on the way, as in life; anything else is a defect.
      if (answer.status !== 201 && answer.body['code'] !== 'insufficient-funds') throw unexpected('a transfer', answer);
    }
    await this.#setClock(0);
  }

  /** Sets the business clock to a minute of a day in the past; a seeding that goes on can not set it back, and need not. */
  #setDaysAgo(daysAgo: number, minute: number): Promise<void> {
    const sinceMidnightMs = systemClock() % DAY_MS;
    return this.#setClock(-daysAgo * DAY_MS - sinceMidnightMs + minute * 60_000);
  }

  async #setClock(offsetMs: number): Promise<void> {
    await this.#internal('transactions', setBusinessClock, '', { offsetMs }, ['clock-moves-forward-only']);
  }

  #userOf(login: string): DemoUser {
    const user = this.#users[login];
    if (user === undefined) throw new Error(`there is no demo user ${login}`);
    return user;
  }

  async #signIn(login: string, password: string): Promise<string> {
    const request = { baseUrl: this.#baseUrl, fetch: this.#fetch, login, password };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await signIn(request)).accessToken;
      } catch (error) {
        // Password hashing takes two at a time and refuses a long queue; the demo signs fifteen people in at once.
        const isBusy = error instanceof SignInRefused && error.code === 'service-unavailable';
        if (!isBusy || attempt >= SIGN_IN_ATTEMPTS_MAX) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100 * attempt));
      }
    }
  }

  async #idOf(token: string): Promise<string> {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await this.#fetch(`${this.#baseUrl}/v1/me`, { method: 'GET', headers, redirect: 'manual' });
    return String((JSON.parse(await answer.text()) as { id: string }).id);
  }

  async #post(path: string, body: object, login?: string, key?: string) {
    const answer = await this.#fetch(`${this.#baseUrl}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        ...(login === undefined ? {} : { authorization: `Bearer ${this.#tokens.get(login)}` }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: JSON.parse(await answer.text()) as Record<string, unknown> };
  }

  async #internal(
    service: ServiceName,
    contract: RouteContract,
    id: string,
    body: object,
    allowedCodes: readonly string[] = [],
  ): Promise<void> {
    const token = await this.#bank.tokens.mint({ subject: 'service:gateway', kind: 'service', roles: [] }, service);
    const path = contract.path.replace('{id}', id);
    const answer = await this.#bank.calls.call({ service, method: contract.method, path, token, body });
    const code = (answer.body as { code?: string } | undefined)?.code ?? '';
    if (answer.status >= 300 && !allowedCodes.includes(code)) throw unexpected(contract.operationId, answer);
  }
}

const SIGN_IN_ATTEMPTS_MAX = 20;

function unexpected(what: string, answer: { readonly status: number; readonly body: unknown }): Error {
  return new Error(`the demo data could not be made: ${what} answered ${answer.status} ${JSON.stringify(answer.body)}`);
}
