import type { Handler } from '@florin/http';
import { inject } from 'light-my-request';
import type { FetchLike } from './sign-in.ts';

/** `fetch` against a bank in the same process: no socket, so it works before the public port is open. */
export function inProcessFetch(gateway: Handler): FetchLike {
  const dispatch: Parameters<typeof inject>[0] = (request, response) =>
    gateway.handle(request as never, response as never);
  return async (address, init) => {
    const url = new URL(address);
    const answer = await inject(dispatch, {
      method: init.method,
      url: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...init.headers },
      ...(init.body === undefined ? {} : { payload: init.body }),
    });
    const cookies = answer.headers['set-cookie'];
    return {
      status: answer.statusCode,
      headers: {
        get: (name) => textOf(answer.headers[name.toLowerCase()]),
        getSetCookie: () => (cookies === undefined ? [] : [cookies].flat()),
      },
      text: async () => answer.payload,
    };
  };
}

function textOf(value: number | string | string[] | undefined): string | null {
  return value === undefined ? null : [value].flat().join(', ');
}
