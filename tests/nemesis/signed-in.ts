import { type BankClient, signInDemo } from '../bank-client.ts';

/** People who stay signed in, whatever the bank goes through. */
export interface SignedIn {
  /** The client of somebody who was let in. */
  clientOf(login: string): BankClient;
  /** Signs somebody in, or in again; what they have is kept when the bank can not at the moment. */
  renew(login: string): Promise<void>;
  close(): void;
}

/** A request waits so long: much shorter than the faults, so that there are retries while the first try is still under way. */
const REQUEST_MS_MAX = 3_000;
/** Tokens last five minutes. */
const RENEW_EVERY_MS = 150_000;

/** Keeps everybody signed in. */
export function openSignedIn({ url, home }: { readonly url: string; readonly home: string }): SignedIn {
  const clients = new Map<string, BankClient>();
  const underWay = new Map<string, Promise<void>>();

  async function signIn(login: string): Promise<void> {
    try {
      clients.set(login, await signInDemo(url, home, login, REQUEST_MS_MAX));
    } catch (error) {
      // The first time there is nothing to go on with.
      if (!clients.has(login)) throw error;
    } finally {
      underWay.delete(login);
    }
  }

  function renew(login: string): Promise<void> {
    const known = underWay.get(login) ?? signIn(login);
    underWay.set(login, known);
    return known;
  }

  const timer = setInterval(() => {
    for (const login of clients.keys()) void renew(login);
  }, RENEW_EVERY_MS);
  return {
    clientOf(login) {
      const client = clients.get(login);
      if (client === undefined) throw new Error(`${login} is not signed in`);
      return client;
    },
    renew,
    close: () => clearInterval(timer),
  };
}
