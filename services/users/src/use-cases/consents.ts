import type { Database } from '@florin/postgres';
import { audited } from '../domain/fact.ts';
import type { Actor } from '../domain/person.ts';
import type { Consent, WantedConsent } from '../domain/third-party.ts';
import type { Vault } from '../domain/vault.ts';
import { insertConsent, readConsents } from '../repositories/consents.ts';
import { endSignIn } from './end-sign-in.ts';
import type { RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly record: RecordFacts;
}

export interface GivenConsent extends WantedConsent {
  readonly grantId: string;
  readonly personId: string;
  readonly clientId: string;
}

/** Keeps what a customer allowed a program under the grant it got, for them to see, and for the audit trail. */
export async function rememberConsent(deps: Deps, given: GivenConsent, traceId: string): Promise<void> {
  const actor = { subject: given.personId, roles: [], traceId };
  await deps.database.transaction(async (tx) => {
    await insertConsent(tx, deps.vault, { ...given, grantId: deps.vault.hash('oidc-id', given.grantId) });
    await deps.record(tx, [audited(actor, `users.consent-given:${given.scopes.join('+')}`, given.clientId)]);
  });
}

/** What a person allowed programs, the newest first. */
export function listConsents(deps: Pick<Deps, 'database' | 'vault'>, personId: string): Promise<readonly Consent[]> {
  return readConsents(deps.database, deps.vault, personId);
}

/** Takes back what a person allowed a program. False when it is not theirs, or over. */
export async function revokeConsent(deps: Deps, actor: Actor, consentId: string): Promise<boolean> {
  const own = await readConsents(deps.database, deps.vault, actor.subject);
  if (!own.some(({ id }) => id === consentId)) return false;
  return endSignIn(deps, actor, consentId);
}
