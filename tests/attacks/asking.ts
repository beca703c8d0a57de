import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Handler } from '@florin/http';
import { inject } from 'light-my-request';

export const PUBLIC_URL = 'http://localhost:8080';
const HOST = new URL(PUBLIC_URL).host;

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** A request as an attacker writes it: the body is bytes, and nothing is added that was not asked for. */
export interface Attack {
  readonly method?: Method;
  /** From the root, with its query. */
  readonly path: string;
  readonly token?: string;
  /** A `Idempotency-Key`. */
  readonly key?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with the content type in `headers`. */
  readonly text?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Seen {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The JSON of the answer; empty when it is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export type Ask = (attack: Attack) => Promise<Seen>;

/** Asks a gateway or a service in this process, through its whole server and through no socket. */
export function askThrough(handler: Handler): Ask {
  return async (attack) => {
    const payload = payloadOf(attack);
    const answer = await inject((request, response) => handler.handle(request as never, response as never), {
      method: attack.method ?? 'GET',
      url: attack.path,
      headers: headersOf(attack),
      ...(payload === undefined ? {} : { payload }),
    });
    const { statusCode, payload: text } = answer;
    return { status: statusCode, headers: answer.headers as IncomingHttpHeaders, text, body: jsonOf(text) };
  };
}

const PATIENCE_MS = 20_000;

/** Asks the public port of this machine. */
export function askPort(port: () => Promise<number>): Ask {
  return async (attack) => {
    const options = {
      host: '127.0.0.1',
      port: await port(),
      method: attack.method ?? 'GET',
      path: attack.path,
      headers: headersOf(attack),
      agent: false,
      timeout: PATIENCE_MS,
    };
    return new Promise((resolve, reject) => {
      const request = httpRequest(options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, body: jsonOf(text) });
        });
      });
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', reject);
      request.end(payloadOf(attack));
    });
  };
}

function payloadOf({ body, text }: Attack): string | Buffer | undefined {
  return body === undefined ? text : JSON.stringify(body);
}

function headersOf({ token, key, body, headers }: Attack): Record<string, string> {
  return {
    host: HOST,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  if (!text.startsWith('{')) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The cookies that an answer sets, as `name=value` and what else it says of them. */
export function cookiesOf(seen: Seen): readonly string[] {
  const header = seen.headers['set-cookie'];
  return header === undefined ? [] : [header].flat();
}
