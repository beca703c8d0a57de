import { type Executor, sql } from '@florin/postgres';
import type { Consent, WantedConsent } from '../domain/third-party.ts';
import type { Vault } from '../domain/vault.ts';

/** More than anybody allows; the oldest are then seen when newer ones are taken back. */
const CONSENTS_MAX = 200;

const context = (grantId: Buffer): string => `oauth_consent.payment|${grantId.toString('base64url')}`;

export async function insertConsent(
  on: Executor,
  vault: Vault,
  consent: WantedConsent & { readonly grantId: Buffer; readonly personId: string; readonly clientId: string },
): Promise<void> {
  const { grantId, payment } = consent;
  const sealed = payment === undefined ? null : vault.seal(JSON.stringify(payment), context(grantId));
  await on.execute(sql`
    INSERT INTO oauth_consent (grant_id, person_id, client_id, scopes, payment_sealed)
    VALUES (${grantId}, ${consent.personId}, ${consent.clientId}, ${consent.scopes}::text[], ${sealed})`);
}

interface ConsentRow extends Omit<Consent, 'id' | 'payment' | 'givenAtMs' | 'expiresAtMs'> {
  readonly grantId: Buffer;
  readonly paymentSealed: Buffer | null;
  readonly givenAt: Date;
  readonly expiresAt: Date;
}

/** What a person allowed and has not taken back, the newest first. */
export async function readConsents(on: Executor, vault: Vault, personId: string): Promise<readonly Consent[]> {
  const rows = await on.query<ConsentRow>(sql`
    SELECT c.grant_id AS "grantId", c.client_id AS "clientId", o.name AS "clientName", c.scopes,
           c.payment_sealed AS "paymentSealed", c.given_at AS "givenAt", g.expires_at AS "expiresAt"
      FROM oauth_consent c
      JOIN oauth_client o ON o.id = c.client_id
      JOIN oidc_record g ON g.model = 'Grant' AND g.id = c.grant_id AND g.expires_at > now()
     WHERE c.person_id = ${personId} ORDER BY c.given_at DESC, c.grant_id LIMIT ${CONSENTS_MAX}`);
  return rows.map(({ grantId, paymentSealed, givenAt, expiresAt, ...row }) => ({
    ...row,
    id: grantId.toString('base64url'),
    payment: paymentSealed === null ? undefined : JSON.parse(vault.open(paymentSealed, context(grantId))),
    givenAtMs: givenAt.getTime(),
    expiresAtMs: expiresAt.getTime(),
  }));
}

/** The grants of a program that are still there, up to `limit`. */
export async function grantsOfClient(on: Executor, clientId: string, limit: number): Promise<readonly Buffer[]> {
  const rows = await on.query<{ id: Buffer }>(sql`
    SELECT g.id FROM oauth_consent c JOIN oidc_record g ON g.model = 'Grant' AND g.id = c.grant_id
     WHERE c.client_id = ${clientId} LIMIT ${limit}`);
  return rows.map(({ id }) => id);
}

/** Deletes up to `limit` consents whose grant is gone and that no request is writing any more; answers how many. */
export function purgeConsents(on: Executor, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM oauth_consent WHERE grant_id IN (
      SELECT c.grant_id FROM oauth_consent c
       WHERE c.given_at < now() - interval '1 hour'
         AND NOT EXISTS (SELECT FROM oidc_record g WHERE g.model = 'Grant' AND g.id = c.grant_id) LIMIT ${limit})`);
}
