import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FetchLike, signIn } from '../tools/sign-in.ts';

const TIMEOUT_MS = 10_000;

export interface ApiAnswer {
  /** 0 when there was no answer: whether anything happened is not known. */
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly isReplay: boolean;
}

/** One signed-in person against a running bank, as their own program would be. */
export interface BankClient {
  get(path: string): Promise<ApiAnswer>;
  post(path: string, body: object, key?: string): Promise<ApiAnswer>;
}

/** Signs a demo user in with the password of this home folder. */
export async function signInDemo(
  url: string,
  home: string,
  login: string,
  timeoutMs: number = TIMEOUT_MS,
): Promise<BankClient> {
  const users: Record<string, { login: string; password: string }> = JSON.parse(
    readFileSync(join(home, 'demo-users.json'), 'utf8'),
  );
  const password = users[login]?.password ?? '';
  const { accessToken } = await signIn({ baseUrl: url, fetch: fetch as FetchLike, login, password });
  return clientOf(url, accessToken, timeoutMs);
}

/** Several of them, to be asked for by their names. */
export async function signInDemos(
  url: string,
  home: string,
  logins: readonly string[],
): Promise<(login: string) => BankClient> {
  const signedIn = await Promise.all(logins.map(async (login) => [login, await signInDemo(url, home, login)] as const));
  const clients = new Map(signedIn);
  return (login) => {
    const client = clients.get(login);
    if (client === undefined) throw new Error(`${login} is not signed in`);
    return client;
  };
}

/** A client that carries a token. */
export function clientOf(url: string, token: string, timeoutMs: number = TIMEOUT_MS): BankClient {
  const send = async (method: string, path: string, body?: object, key?: string): Promise<ApiAnswer> => {
    try {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        body: text === '' ? {} : JSON.parse(text),
        isReplay: answer.headers.get('idempotency-replayed') === 'true',
      };
    } catch {
      return { status: 0, body: {}, isReplay: false };
    }
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body, key = randomUUID()) => send('POST', path, body, key),
  };
}
