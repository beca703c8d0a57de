import { type Logger, newTraceId } from '@florin/observability';
import type { Clock } from '@florin/primitives';
import type Provider from 'oidc-provider';
import type { ClientSpec } from '../domain/clients.ts';
import type { Vault } from '../domain/vault.ts';
import { rememberConsent } from '../use-cases/consents.ts';
import { isCredentialCurrent } from '../use-cases/current-credential.ts';
import { recordGrantEnd, signInIdOf } from '../use-cases/end-sign-in.ts';
import type { publicKeys } from '../use-cases/load-signing-keys.ts';
import { createOidcStorage } from '../use-cases/oidc-storage.ts';
import type { RecordFacts } from '../use-cases/ports.ts';
import { hasSecondFactor, readProfile } from '../use-cases/profile.ts';
import { findClient } from '../use-cases/third-party-clients.ts';
import { thirdPartyClient } from './oidc-clients.ts';
import { createProvider } from './oidc-provider.ts';
import { createPin } from './pin-to-issuer.ts';
import type { RawHandler } from './raw-requests.ts';

interface IssuerParts {
  readonly checked: { readonly issuer: string; readonly apiAudience: string };
  readonly database: Parameters<typeof createOidcStorage>[0];
  readonly vault: Vault;
  readonly record: RecordFacts;
  readonly clients: readonly ClientSpec[];
  readonly clock: Clock;
}

type SigningKeys = Parameters<typeof publicKeys>[0];

export interface Issuer {
  /** The provider of this moment: everything it remembers is in the database, so one takes over from another at any time. */
  readonly provider: Provider;
  /** Answers a request; it believes the issuer setting and no header about where it is. */
  readonly handle: RawHandler;
  /** Goes on with other keys; requests under way end with those they began with. */
  useKeys(keys: SigningKeys): void;
}

/** The issuer on the storage of this service. */
export function createIssuer(
  parts: IssuerParts,
  options: { readonly cookieKeys: readonly string[]; readonly signingKeys: SigningKeys; readonly logger: Logger },
): Issuer {
  const pin = createPin(parts.checked.issuer);
  const open = (keys: SigningKeys) => {
    const provider = openProvider(parts, { ...options, signingKeys: keys });
    return { provider, answer: provider.callback() };
  };
  let current = open(options.signingKeys);
  return {
    get provider() {
      return current.provider;
    },
    handle(request, response) {
      pin(request, response);
      void current.answer(request, response);
    },
    useKeys(keys) {
      current = open(keys);
    },
  };
}

function openProvider(parts: IssuerParts, options: Parameters<typeof createIssuer>[1]): Provider {
  const { checked, database, vault, record } = parts;
  const provider = createProvider({
    issuer: checked.issuer,
    apiAudience: checked.apiAudience,
    clients: parts.clients,
    webClientKey: vault.webClientKey.publicJwk,
    dpopNonceSecret: vault.dpopNonceSecret,
    clock: parts.clock,
    signingKeys: options.signingKeys,
    cookieKeys: options.cookieKeys,
    adapter: createOidcStorage(
      database,
      vault,
      (tx, grant, cause) => recordGrantEnd(record, tx, grant, cause, newTraceId()),
      async (id) => {
        const client = await findClient(parts, id);
        return client && thirdPartyClient(client);
      },
    ),
    findPerson: (personId) => readProfile(parts, personId),
    hasSecondFactor: (personId) => hasSecondFactor(parts, personId),
    isCredentialCurrent: (personId, version) => isCredentialCurrent(database, personId, version),
    signInId: (grantId) => signInIdOf(vault.hash('oidc-id', grantId)),
    rememberConsent: (given) => rememberConsent(parts, given, newTraceId()),
  });
  provider.on('server_error', (ctx, error) => {
    // Thrown by the storage while the database is away: the caller may come again.
    if (isRetryable(error)) answerUnavailable(ctx);
    else options.logger.error({ err: error }, 'the issuer failed');
  });
  return provider;
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

function answerUnavailable(ctx: { status: number; body: unknown; set(name: string, value: string): void }): void {
  ctx.status = 503;
  ctx.set('retry-after', '1');
  ctx.body = { error: 'temporarily_unavailable', error_description: 'Please try again shortly.' };
}
