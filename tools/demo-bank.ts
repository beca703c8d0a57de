import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteContract, ServiceName } from '@florin/contracts';
import {
  createDeposit,
  getTransfer,
  listAccounts,
  registerUser,
  reverseTransfer,
  setBusinessClock,
  setUserLogin,
  transactionsApprovals,
  updateAccount,
} from '@florin/contracts';
import { Fault, systemClock } from '@florin/primitives';
import type { Bank } from './bank.ts';
import { type DemoPerson, demoEmail } from './demo-people.ts';
import { type FetchLike, signIn } from './sign-in.ts';

/** What a demo user signs in with. */
export interface DemoUser {
  readonly login: string;
  readonly password: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An account as its owner is shown it. */
export interface ShownAccount {
  readonly id: string;
  readonly iban: string;
  readonly status: string;
}

/** A first account comes within a second; a laptop under load may take longer. */
const FIRST_ACCOUNT_LOOKS_MAX = 600;
const FIRST_ACCOUNT_LOOK_EVERY_MS = 50;

/** A bank as the demo people use it: each request through the gateway, with the token of who makes it. */
export class DemoBank {
  readonly #bank: Bank;
  readonly #fetch: FetchLike;
  readonly #baseUrl: string;
  readonly #users: Readonly<Record<string, DemoUser>>;
  /** Promises, so that who is needed first is waited for and nobody else. */
  readonly #tokens = new Map<string, Promise<string>>();

  constructor(bank: Bank, fetch: FetchLike, baseUrl: string, users: Readonly<Record<string, DemoUser>>) {
    this.#bank = bank;
    this.#fetch = fetch;
    this.#baseUrl = baseUrl;
    this.#users = users;
  }

  /**
   * Makes somebody known with their short name: customers sign up, staff are taken in with their roles. One who is there
   * already stays as they are.
   */
  async signUp(person: DemoPerson): Promise<void> {
    const { name, roles } = person;
    const { login, password } = this.#userOf(person.login);
    const email = demoEmail(login);
    const isCustomer = roles.includes('customer');
    const answer = isCustomer
      ? await this.#post('/v1/users', { email, password, name }, {})
      : await this.#internal('users', registerUser, '', { email, password, name, roles }, ['email-taken']);
    if (answer.status !== 201 && answer.body['code'] !== 'email-taken') throw unexpected('signing up', answer);
    const id = answer.status === 201 ? String(answer.body['id']) : await this.#idOf(email, password);
    await this.#internal('users', setUserLogin, id, { login });
  }

  /** Signs someone up and in; what they do waits until they are. */
  async admit(person: DemoPerson): Promise<void> {
    const { login, password } = this.#userOf(person.login);
    const token = this.signUp(person).then(() => this.#signIn(login, password));
    this.#tokens.set(login, token);
    await token;
  }

  /** Takes cash in at the counter; where it is more than a teller takes alone, a supervisor agrees. */
  async payIn(teller: string, supervisor: string, body: object, key: string): Promise<void> {
    const answer = await this.#post(createDeposit.path, body, {
      authorization: `Bearer ${await this.#tokens.get(teller)}`,
      'idempotency-key': key,
    });
    if (answer.status === 201 || answer.body['status'] === 'done') return;
    if (answer.status !== 202) throw unexpected(`a deposit of ${key}`, answer);
    const approved = await this.#approve(supervisor, answer);
    if (approved.body['status'] !== 'done') throw unexpected(`approving ${key}`, approved);
  }

  /** Has a transfer taken back: a teller asks, a supervisor agrees, and it is waited for. */
  async takeBack(teller: string, supervisor: string, id: string, reason: string, key: string): Promise<void> {
    const answer = await this.#post(
      reverseTransfer.path.replace('{id}', id),
      { reason },
      { authorization: `Bearer ${await this.#tokens.get(teller)}`, 'idempotency-key': key },
    );
    if (answer.status !== 202) throw unexpected(`a reversal of ${key}`, answer);
    const approved = answer.body['status'] === 'pending' ? await this.#approve(supervisor, answer) : answer;
    if (approved.body['status'] === 'failed') throw unexpected(`approving ${key}`, approved);
    await this.#arrived(supervisor, id, REVERSED);
  }

  #approve(supervisor: string, asked: Answer): Promise<Answer> {
    const path = transactionsApprovals.approveApproval.path.replace('{id}', String(asked.body['id']));
    return this.#ask(supervisor, 'POST', path);
  }

  /** The account that everybody begins with, once it is there, under a name of its owner's. */
  async firstAccount(login: string, name: string): Promise<ShownAccount> {
    for (let looks = 0; looks < FIRST_ACCOUNT_LOOKS_MAX; looks += 1) {
      const [first] = (await this.#ask(login, 'GET', listAccounts.path)).body['data'] as readonly ShownAccount[];
      if (first !== undefined && first.status !== 'opening') {
        await this.#ask(login, updateAccount.method, updateAccount.path.replace('{id}', first.id), { name });
        return first;
      }
      await sleep(FIRST_ACCOUNT_LOOK_EVERY_MS);
    }
    throw new Fault('demo-unfinished', `the first account of ${login} did not come`);
  }

  /** Makes a request under a key, which must end in 201 or in one of the codes. */
  async post(
    login: string,
    path: string,
    body: object,
    key: string | undefined,
    allowedCodes: readonly string[] = [],
  ): Promise<Answer> {
    const answer = await this.#post(path, body, {
      authorization: `Bearer ${await this.#tokens.get(login)}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    });
    const code = String(answer.body['code'] ?? '');
    if (answer.status !== 201 && !allowedCodes.includes(code)) throw unexpected(`${path} of ${key ?? login}`, answer);
    return answer;
  }

  /** Moves money; what crosses shards is waited for, because what follows may need the money. */
  async move(login: string, path: string, body: object, key: string): Promise<Answer> {
    const answer = await this.#post(path, body, {
      authorization: `Bearer ${await this.#tokens.get(login)}`,
      'idempotency-key': key,
    });
    if (answer.status === 202) return this.#arrived(login, String(answer.body['id']));
    if (answer.status !== 201) throw unexpected(`${path} of ${key}`, answer);
    return answer;
  }

  async #arrived(login: string, id: string, ends = ARRIVED): Promise<Answer> {
    const path = getTransfer.path.replace('{id}', id);
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      const answer = await this.#ask(login, 'GET', path);
      if (ends.has(String(answer.body['status']))) return answer;
      await sleep(LOOK_PAUSE_MS);
    }
    throw new Error(`the demo data could not be made: the transfer ${id} does not arrive`);
  }

  /** Sets the business clock to a moment; a seeding that goes on where it stopped can not set it back, and need not. */
  async setClock(atMs: number): Promise<void> {
    await this.#setOffset(atMs - systemClock());
  }

  /** The bank's time is everybody's again. */
  async resetClock(): Promise<void> {
    await this.#setOffset(0);
  }

  async #setOffset(offsetMs: number): Promise<void> {
    await this.#internal('transactions', setBusinessClock, '', { offsetMs }, ['clock-moves-forward-only']);
  }

  #userOf(login: string): DemoUser {
    const user = this.#users[login];
    if (user === undefined) throw new Error(`there is no demo user ${login}`);
    return user;
  }

  async #signIn(login: string, password: string): Promise<string> {
    return (await signIn({ baseUrl: this.#baseUrl, fetch: this.#fetch, login, password })).accessToken;
  }

  async #idOf(email: string, password: string): Promise<string> {
    const headers = { authorization: `Bearer ${await this.#signIn(email, password)}` };
    const answer = await this.#fetch(`${this.#baseUrl}/v1/me`, { method: 'GET', headers, redirect: 'manual' });
    return String((JSON.parse(await answer.text()) as { id: string }).id);
  }

  /** Makes a request without a body that moves nothing, and must be answered 200. */
  async act(login: string, path: string): Promise<Answer> {
    return this.#ask(login, 'POST', path);
  }

  async #ask(login: string, method: Parameters<FetchLike>[1]['method'], path: string, body?: object): Promise<Answer> {
    const answer = await this.#fetch(`${this.#baseUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${await this.#tokens.get(login)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const read = { status: answer.status, body: JSON.parse(await answer.text()) };
    if (read.status !== 200) throw unexpected(`${path} of ${login}`, read);
    return read;
  }

  /** A machine that is busy with something else answers 503; under a key the same may be asked again. */
  async #post(path: string, body: object, headers: Readonly<Record<string, string>>): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#fetch(`${this.#baseUrl}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      const read: Answer = { status: answer.status, body: JSON.parse(await answer.text()) };
      const isWorthAsking = read.status === 503 && 'idempotency-key' in headers && tries < TRIES_MAX;
      if (!isWorthAsking) return read;
      await sleep(TRY_PAUSE_MS);
    }
  }

  async #internal(
    service: ServiceName,
    contract: RouteContract,
    id: string,
    body: object,
    allowedCodes: readonly string[] = [],
  ): Promise<Answer> {
    const token = await this.#bank.tokens.mint({ subject: 'service:gateway', kind: 'service', roles: [] }, service);
    const path = contract.path.replace('{id}', id);
    const answer = await this.#bank.calls.call({ service, method: contract.method, path, token, body });
    const read: Answer = { status: answer.status, body: (answer.body ?? {}) as Answer['body'] };
    const isAllowed = read.status < 300 || allowedCodes.includes(String(read.body['code'] ?? ''));
    if (!isAllowed) throw unexpected(contract.operationId, read);
    return read;
  }
}

/** What arrived may have been taken back since: a seeding that goes on asks for everything again. */
const ARRIVED: ReadonlySet<string> = new Set(['completed', 'reversed']);
const REVERSED: ReadonlySet<string> = new Set(['reversed']);
/** Half a minute in all; it takes some milliseconds. */
const LOOKS_MAX = 3_000;
const LOOK_PAUSE_MS = 10;
/** About half a minute in which the bank may be busy. */
const TRIES_MAX = 30;
const TRY_PAUSE_MS = 1_000;

function unexpected(what: string, answer: { readonly status: number; readonly body: unknown }): Error {
  return new Error(`the demo data could not be made: ${what} answered ${answer.status} ${JSON.stringify(answer.body)}`);
}
