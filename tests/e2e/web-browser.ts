import type { FetchLike } from '../../tools/sign-in.ts';

export interface PageAnswer {
  readonly status: number;
  /** Where a redirect leads, from the root of the bank; '' when it is none. */
  readonly location: string;
  readonly body: Record<string, unknown>;
}

/** A browser with the web client in it: it keeps cookies by path and follows nothing by itself. */
export interface WebBrowser {
  /** Opens an address, as a person does. */
  open(path: string): Promise<PageAnswer>;
  /** What the script of a page of ours sends. Changes carry the token that `/session` told it. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<PageAnswer>;
  /** Signs in from the start to the callback; answers where that leads. */
  signIn(login: string, password: string, returnTo?: string): Promise<string>;
}

/** Opens a browser with no cookies on the bank at `publicUrl`. */
export function openWebBrowser(publicUrl: string, fetch: FetchLike, userAgent: string): WebBrowser {
  const jar = new Map<string, { readonly value: string; readonly path: string }>();
  let csrf = '';

  async function request(method: 'GET' | 'POST' | 'DELETE', path: string, accept: string, body?: object) {
    const { pathname, href } = new URL(path, publicUrl);
    const cookies = [...jar].filter(([, cookie]) => pathname.startsWith(cookie.path));
    const answer = await fetch(href, {
      method,
      redirect: 'manual',
      headers: {
        accept,
        'user-agent': userAgent,
        ...(cookies.length === 0 ? {} : { cookie: cookies.map(([name, { value }]) => `${name}=${value}`).join('; ') }),
        ...(method === 'GET' ? {} : { origin: publicUrl, 'x-florin-csrf': csrf }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) keep(line);
    const [text, location] = [await answer.text(), answer.headers.get('location')];
    return {
      status: answer.status,
      location: location === null ? '' : fromRoot(location),
      body: text.startsWith('{') ? JSON.parse(text) : {},
    };
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const path = attributes.find((one) => /^path=/i.test(one))?.slice('path='.length) ?? '/';
    if (value === '') jar.delete(name);
    else jar.set(name, { value, path });
  }

  function fromRoot(address: string): string {
    const { pathname, search, origin } = new URL(address, publicUrl);
    return origin === publicUrl ? `${pathname}${search}` : address;
  }

  const browser: WebBrowser = {
    open: (path) => request('GET', path, 'text/html'),
    send: (method, path, body) => request(method, path, 'application/json', body),
    async signIn(login, password, returnTo = '/') {
      const started = await browser.open(`/session/login?${new URLSearchParams({ return_to: returnTo })}`);
      const { location: interaction } = await browser.open(started.location);
      const { body } = await browser.send('POST', interaction, { login, password });
      const callback = await browser.open(fromRoot(String(body['location'])));
      const { location } = await browser.open(callback.location);
      csrf = String((await browser.send('GET', '/session')).body['csrf']);
      return location;
    },
  };
  return browser;
}
