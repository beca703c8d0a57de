import { countOpenAccounts, eraseOwner, type RouteContract } from '@florin/contracts';
import { type ServiceCall, timeLeft } from '@florin/http';
import { Fault } from '@florin/primitives';
import type { InternalTokens, Principal } from '@florin/security';

/** Who asks when this service calls another. */
const MYSELF: Principal = { subject: 'service:users', kind: 'service', roles: [] };
/** Shorter than the caller's own 8 s, so that it still gets an answer that says what happened. */
const CALL_TIMEOUT_MS = 3_000;

export interface AccountKeeperOptions {
  readonly calls: ServiceCall;
  /** Mints tokens as `service:users`. */
  readonly tokens: InternalTokens;
}

/** The accounts service, asked over its internal routes. One that is away or unsure is a retryable `Fault`. */
export function createAccountKeeper({ calls, tokens }: AccountKeeperOptions) {
  const ask = async ({ method, path }: Pick<RouteContract, 'method' | 'path'>, personId: string) =>
    calls.call({
      service: 'accounts',
      method,
      path: path.replace('{id}', personId),
      token: await tokens.mint(MYSELF, 'accounts'),
      timeoutMs: timeLeft(CALL_TIMEOUT_MS),
    });
  return {
    async countOpen(personId: string): Promise<number> {
      const { status, body } = await ask(countOpenAccounts, personId);
      if (status === 200) return (body as { readonly openAccounts: number }).openAccounts;
      throw unavailable(status);
    },
    async erase(personId: string): Promise<'erased' | 'accounts-open'> {
      const { status, body } = await ask(eraseOwner, personId);
      if (status === 204) return 'erased';
      if (status === 409 && (body as { readonly code?: string } | null)?.code === 'accounts-open')
        return 'accounts-open';
      throw unavailable(status);
    },
  };
}

function unavailable(status: number): Fault {
  return new Fault('accounts-unavailable', `the accounts service answered ${status}`, {
    retryable: true,
    retryAfterSeconds: 1,
  });
}
