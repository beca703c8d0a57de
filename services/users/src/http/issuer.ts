import { type Logger, newTraceId } from '@florin/observability';
import type Provider from 'oidc-provider';
import type { ClientSpec } from '../domain/clients.ts';
import type { Vault } from '../domain/vault.ts';
import { isCredentialCurrent } from '../use-cases/current-credential.ts';
import { recordGrantEnd, signInIdOf } from '../use-cases/end-sign-in.ts';
import type { publicKeys } from '../use-cases/load-signing-keys.ts';
import { createOidcStorage } from '../use-cases/oidc-storage.ts';
import type { RecordFacts } from '../use-cases/ports.ts';
import { hasSecondFactor, readProfile } from '../use-cases/profile.ts';
import { createProvider } from './oidc-provider.ts';
import { createPin } from './pin-to-issuer.ts';
import type { RawHandler } from './raw-requests.ts';

interface IssuerParts {
  readonly checked: { readonly issuer: string; readonly apiAudience: string };
  readonly database: Parameters<typeof createOidcStorage>[0];
  readonly vault: Vault;
  readonly record: RecordFacts;
  readonly clients: readonly ClientSpec[];
}

/** The issuer on the storage of this service. */
export function createIssuer(
  parts: IssuerParts,
  options: {
    readonly cookieKeys: readonly string[];
    readonly signingKeys: Parameters<typeof publicKeys>[0];
    readonly logger: Logger;
  },
): Provider {
  const { checked, database, vault, record } = parts;
  const provider = createProvider({
    issuer: checked.issuer,
    apiAudience: checked.apiAudience,
    clients: parts.clients,
    webClientSecret: vault.webClientSecret,
    signingKeys: options.signingKeys,
    cookieKeys: options.cookieKeys,
    adapter: createOidcStorage(database, vault, (tx, grant, cause) =>
      recordGrantEnd(record, tx, grant, cause, newTraceId()),
    ),
    findPerson: (personId) => readProfile(parts, personId),
    hasSecondFactor: (personId) => hasSecondFactor(parts, personId),
    isCredentialCurrent: (personId, version) => isCredentialCurrent(database, personId, version),
    signInId: (grantId) => signInIdOf(vault.hash('oidc-id', grantId)),
  });
  provider.on('server_error', (ctx, error) => {
    // Thrown by the storage while the database is away: the caller may come again.
    if (isRetryable(error)) answerUnavailable(ctx);
    else options.logger.error({ err: error }, 'the issuer failed');
  });
  return provider;
}

/** The provider as a handler that believes the issuer setting and no header about where it is. */
export function pinned(provider: Provider, issuer: string): RawHandler {
  const callback = provider.callback();
  const pin = createPin(issuer);
  return (request, response) => {
    pin(request, response);
    void callback(request, response);
  };
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

function answerUnavailable(ctx: { status: number; body: unknown; set(name: string, value: string): void }): void {
  ctx.status = 503;
  ctx.set('retry-after', '1');
  ctx.body = { error: 'temporarily_unavailable', error_description: 'Please try again shortly.' };
}
