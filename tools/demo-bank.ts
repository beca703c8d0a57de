import type { RouteContract, ServiceName } from '@florin/contracts';
import { createTransfer, getTransfer, setBusinessClock, setUserLogin, setUserRoles } from '@florin/contracts';
import { systemClock } from '@florin/primitives';
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

  /** Signs someone up with their short name and roles. One who is there already stays as they are. */
  async signUp(person: DemoPerson): Promise<void> {
    const { login, password } = this.#userOf(person.login);
    const email = demoEmail(login);
    const answer = await this.#post('/v1/users', { email, password, name: person.name }, {});
    if (answer.status !== 201 && answer.body['code'] !== 'email-taken') throw unexpected('signing up', answer);
    const id = answer.status === 201 ? String(answer.body['id']) : await this.#idOf(email, password);
    await this.#internal('users', setUserLogin, id, { login });
    if (person.roles.some((role) => role !== 'customer')) {
      await this.#internal('users', setUserRoles, id, { roles: person.roles });
    }
  }

  /** Signs someone up and in; what they do waits until they are. */
  async admit(person: DemoPerson): Promise<void> {
    const { login, password } = this.#userOf(person.login);
    const token = this.signUp(person).then(() => this.#signIn(login, password));
    this.#tokens.set(login, token);
    await token;
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

  /** A transfer of somebody's; one that crosses shards is waited for, because what follows may need its money. */
  async transfer(login: string, body: object, key: string): Promise<Answer> {
    const answer = await this.#post(createTransfer.path, body, {
      authorization: `Bearer ${await this.#tokens.get(login)}`,
      'idempotency-key': key,
    });
    if (answer.status === 202) return this.#arrived(login, String(answer.body['id']));
    if (answer.status !== 201) throw unexpected(`the transfer ${key}`, answer);
    return answer;
  }

  async #arrived(login: string, id: string): Promise<Answer> {
    const path = getTransfer.path.replace('{id}', id);
    for (let look = 0; look < LOOKS_MAX; look += 1) {
      const headers = { authorization: `Bearer ${await this.#tokens.get(login)}` };
      const answer = await this.#fetch(`${this.#baseUrl}${path}`, { method: 'GET', headers, redirect: 'manual' });
      const body = JSON.parse(await answer.text()) as Answer['body'];
      if (body['status'] === 'completed') return { status: answer.status, body };
      await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS));
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

  async #post(path: string, body: object, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const answer = await this.#fetch(`${this.#baseUrl}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
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

/** Half a minute in all; it takes some milliseconds. */
const LOOKS_MAX = 3_000;
const LOOK_PAUSE_MS = 10;

function unexpected(what: string, answer: { readonly status: number; readonly body: unknown }): Error {
  return new Error(`the demo data could not be made: ${what} answered ${answer.status} ${JSON.stringify(answer.body)}`);
}
