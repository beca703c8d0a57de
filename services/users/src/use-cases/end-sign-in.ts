import type { Database, Tx } from '@florin/postgres';
import { type ClientSpec, WEB_CLIENT_ID } from '../domain/clients.ts';
import { audited, type Fact } from '../domain/fact.ts';
import type { Actor, SignIn } from '../domain/person.ts';
import {
  deleteGrant,
  GRANTS_OF_PERSON_MAX,
  grantsOfAccount,
  isGrantOf,
  type RevokedGrant,
} from '../repositories/oidc-records.ts';
import { deleteWebSessionOf, findSeenTimes } from '../repositories/web-sessions.ts';
import type { RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly record: RecordFacts;
}

/** The public id of a sign-in is the keyed hash under which its grant is stored; it opens nothing. */
export function signInIdOf(grantId: Buffer): string {
  return grantId.toString('base64url');
}

/**
 * Where a person is signed in, the newest first; what they allowed programs that are not the bank's is in `consents.ts`.
 * A browser that idled out is signed in nowhere, although its grant
 * lives on until it expires: the only one who had its tokens was the web session.
 */
export async function listSignIns(
  deps: Pick<Deps, 'database'> & { readonly idleSeconds: number; readonly clients: readonly ClientSpec[] },
  personId: string,
): Promise<readonly SignIn[]> {
  const own = new Set(deps.clients.map(({ id }) => id));
  const grants = (await grantsOfAccount(deps.database, personId)).filter(({ clientId }) => own.has(clientId));
  const ids = grants.map((grant) => signInIdOf(grant.id));
  const seenAt = await findSeenTimes(deps.database, ids, deps.idleSeconds);
  return grants.flatMap((grant) => {
    const id = signInIdOf(grant.id);
    const seen = seenAt.get(id);
    if (grant.clientId === WEB_CLIENT_ID && seen === undefined) return [];
    return [
      {
        id,
        clientId: grant.clientId,
        device: grant.device ?? undefined,
        startedAtMs: grant.createdAt.getTime(),
        expiresAtMs: grant.expiresAt.getTime(),
        lastSeenAtMs: (seen ?? grant.usedAt).getTime(),
      },
    ];
  });
}

/** Signs a person out somewhere. False when that sign-in is not theirs, or over. */
export async function endSignIn(deps: Deps, actor: Actor, signInId: string): Promise<boolean> {
  const grantId = Buffer.from(signInId, 'base64url');
  return deps.database.transaction(async (tx) => {
    if (!(await isGrantOf(tx, grantId, actor.subject))) return false;
    const grant = await deleteGrant(tx, grantId);
    if (grant === undefined) return false;
    await grantEnded(deps.record, tx, grant, [audited(actor, 'users.sign-out', actor.subject)]);
    return true;
  });
}

/** Signs a person out everywhere, within a transaction that changes what they may do. */
export async function endAllSignIns(record: RecordFacts, tx: Tx, personId: string): Promise<void> {
  const ended: Fact[] = [{ kind: 'sessions-revoked', personId }];
  for (const grant of await grantsOfAccount(tx, personId)) {
    await deleteGrant(tx, grant.id);
    await deleteWebSessionOf(tx, signInIdOf(grant.id));
    // By name as well: "everything before this second" leaves out tokens of this very second.
    ended.push({ kind: 'sessions-revoked', personId, signInId: signInIdOf(grant.id) });
  }
  await record(tx, ended);
}

/**
 * Signs a person out everywhere but here, within a transaction that changes what signs them in. Somebody with more
 * sign-ins than are listed, or who does not say which this is, is signed out here as well.
 */
export async function endOtherSignIns(
  record: RecordFacts,
  tx: Tx,
  personId: string,
  hereId: string | undefined,
): Promise<void> {
  const grants = await grantsOfAccount(tx, personId);
  const isHere = (grant: { readonly id: Buffer }) => signInIdOf(grant.id) === hereId;
  if (grants.length >= GRANTS_OF_PERSON_MAX || !grants.some(isHere)) return endAllSignIns(record, tx, personId);
  const ended: Fact[] = [];
  for (const grant of grants.filter((one) => !isHere(one))) {
    await deleteGrant(tx, grant.id);
    await deleteWebSessionOf(tx, signInIdOf(grant.id));
    ended.push({ kind: 'sessions-revoked', personId, signInId: signInIdOf(grant.id) });
  }
  await record(tx, ended);
}

/** What goes along when the protocol ends a grant: the web session on it, and the news. */
export async function recordGrantEnd(
  record: RecordFacts,
  tx: Tx,
  grant: RevokedGrant,
  cause: 'asked' | 'replayed',
  traceId: string,
): Promise<void> {
  const actor = { subject: grant.accountId, roles: [], traceId };
  const fact =
    cause === 'asked'
      ? audited(actor, 'users.sign-out', grant.accountId)
      : audited(
          { ...actor, subject: `client:${grant.clientId}` },
          'users.token-replay',
          grant.accountId,
          'token-replayed',
        );
  await grantEnded(record, tx, grant, [fact]);
}

async function grantEnded(record: RecordFacts, tx: Tx, grant: RevokedGrant, facts: readonly Fact[]): Promise<void> {
  const signInId = signInIdOf(grant.id);
  await deleteWebSessionOf(tx, signInId);
  await record(tx, [{ kind: 'sessions-revoked', personId: grant.accountId, signInId }, ...facts]);
}
