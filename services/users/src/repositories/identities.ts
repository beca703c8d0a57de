import { type Executor, sql, type Tx } from '@florin/postgres';
import type { ExternalIdentity } from '../domain/external-identity.ts';

type Name = Pick<ExternalIdentity, 'issuer' | 'subject'>;

export interface KnownIdentity {
  readonly personId: string;
  /** Somebody who is kept out here is out, whoever vouches for them. */
  readonly isActive: boolean;
  readonly credentialVersion: number;
}

/** Who that is here, and notes that they came; undefined for somebody who never did. */
export async function findIdentity(tx: Tx, { issuer, subject }: Name): Promise<KnownIdentity | undefined> {
  const rows = await tx.query<KnownIdentity>(sql`
    UPDATE identity i SET last_seen_at = now() FROM person p
     WHERE i.issuer = ${issuer} AND i.subject = ${subject} AND p.id = i.person_id
    RETURNING p.id AS "personId", p.status = 'active' AS "isActive", p.credential_version AS "credentialVersion"`);
  return rows[0];
}

/**
 * Makes a person the one whom somebody vouches for. Throws when they are known by now: the person who was made for them in
 * the same transaction must not stay.
 */
export async function insertIdentity(tx: Tx, { issuer, subject }: Name, personId: string): Promise<void> {
  await tx.execute(sql`
    INSERT INTO identity (issuer, subject, person_id) VALUES (${issuer}, ${subject}, ${personId})`);
}

/** Whether somebody's identity is kept elsewhere. */
export async function isVouchedFor(on: Executor, personId: string): Promise<boolean> {
  return (await on.query(sql`SELECT FROM identity WHERE person_id = ${personId}`)).length > 0;
}
