import createFetchClient, { type Client, type FetchResponse, type Middleware } from 'openapi-fetch';
import type { MediaType } from 'openapi-typescript-helpers';
import { problemOf, unreachable } from './problem.ts';
import type { paths } from './schema.d.ts';

/** Every operation of the public API, by method and path, typed from its OpenAPI document. */
export type Api = Client<paths, MediaType>;

export interface ApiOptions {
  /** The origin of the bank; '' is the page's own. */
  readonly baseUrl: string;
  /** Called for every request, so that a session's token is always the current one. */
  readonly headers: () => Readonly<Record<string, string>>;
  /**
   * Called when an answer says that nobody is signed in, so that a session that ended is noticed wherever it shows. Other
   * refusals with 401 (a wrong code, a sign-in that is not recent enough) end no session.
   */
  readonly onSignedOut?: () => void;
  /** Milliseconds until a request counts as unanswered. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;

/** Makes a client of the bank's public API. */
export function createApi({ baseUrl, headers, onSignedOut, timeoutMs = TIMEOUT_MS }: ApiOptions): Api {
  const client = createFetchClient<paths, MediaType>({
    baseUrl,
    // Looked up at each call: whoever replaces fetch, to record or to refuse, is heard.
    fetch: (request) => globalThis.fetch(request, { signal: withTimeout(request.signal, timeoutMs) }),
  });
  const middleware: Middleware = {
    onRequest({ request }) {
      for (const [name, value] of Object.entries(headers())) request.headers.set(name, value);
      return request;
    },
    async onResponse({ response }) {
      if (response.status === 401 && (await isSignedOut(response.clone()))) onSignedOut?.();
      return undefined;
    },
  };
  client.use(middleware);
  return client;
}

async function isSignedOut(response: Response): Promise<boolean> {
  return problemOf(response, await response.json().catch(() => undefined)).code === 'unauthenticated';
}

function withTimeout(signal: AbortSignal, timeoutMs: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

/**
 * The answer of a call, or an `ApiProblem` thrown: what it refused, or that it could not be reached. A request that its
 * own caller aborted rejects with the abort, as everywhere.
 */
export async function answerOf<T extends Record<string | number, unknown>, O, M extends MediaType>(
  call: Promise<FetchResponse<T, O, M>>,
): Promise<NonNullable<FetchResponse<T, O, M>['data']>> {
  let result: FetchResponse<T, O, M>;
  try {
    result = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (!result.response.ok) throw problemOf(result.response, result.error);
  return result.data as NonNullable<FetchResponse<T, O, M>['data']>;
}
