import { createPublicKey } from 'node:crypto';
import type { Database } from '@florin/postgres';
import { fail, type NewId, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import type { Actor } from '../domain/person.ts';
import {
  type ClientFailure,
  checkNewClient,
  type NewThirdPartyClient,
  type PublicKey,
  type ThirdPartyClient,
} from '../domain/third-party.ts';
import { grantsOfClient } from '../repositories/consents.ts';
import { disableClientRow, findActiveClient, insertClient, readClients } from '../repositories/oauth-clients.ts';
import { deleteGrant } from '../repositories/oidc-records.ts';
import { recordGrantEnd } from './end-sign-in.ts';
import type { RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly record: RecordFacts;
  readonly newId: NewId;
  readonly checked: { readonly https: boolean };
}

export type RegisterClientFailure = ClientFailure | { readonly code: 'too-many-clients' };

/** Makes a program known. It proves itself with its keys from then on; we hold nothing secret of it. */
export async function registerClient(
  deps: Deps,
  actor: Actor,
  wanted: NewThirdPartyClient,
): Promise<Result<ThirdPartyClient, RegisterClientFailure>> {
  const checked = checkNewClient(wanted, { https: deps.checked.https, isOnCurve });
  if (!checked.ok) return checked;
  const id = deps.newId(0);
  return deps.database.transaction(async (tx) => {
    const client = await insertClient(tx, { ...checked.value, id }, actor.subject);
    if (client === undefined) return fail({ code: 'too-many-clients' });
    await deps.record(tx, [audited(actor, `users.client-registered:${wanted.scopes.join('+')}`, id)]);
    return ok(client);
  });
}

function isOnCurve({ kty, crv, x, y }: PublicKey): boolean {
  try {
    createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
    return true;
  } catch {
    // Whatever it is, nothing can be verified with it.
    return false;
  }
}

export function listClients(deps: Pick<Deps, 'database'>): Promise<readonly ThirdPartyClient[]> {
  return readClients(deps.database);
}

const CLIENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A program that may ask. Nothing that is no id of ours costs a query. */
export async function findClient(deps: Pick<Deps, 'database'>, id: string): Promise<ThirdPartyClient | undefined> {
  return CLIENT_ID.test(id) ? findActiveClient(deps.database, id) : undefined;
}

/** Grants that end in one transaction: each writes a few rows. */
const GRANTS_PER_STEP = 100;
/** A million consents; the rest ends with their tokens, which the program can not renew any more. */
const STEPS_MAX = 10_000;

/**
 * Shuts a program out, and ends everything it was allowed. From the first step on it gets no token; where this is cut
 * off, the same again goes on with it.
 */
export async function disableClient(
  deps: Deps,
  actor: Actor,
  id: string,
): Promise<Result<ThirdPartyClient, { readonly code: 'client-not-found' }>> {
  const disabled = await deps.database.transaction(async (tx) => {
    const client = await disableClientRow(tx, id);
    if (client !== undefined) await deps.record(tx, [audited(actor, 'users.client-disabled', id)]);
    return client;
  });
  if (disabled === undefined) return fail({ code: 'client-not-found' });
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const ended = await deps.database.transaction(async (tx) => {
      const grants = await grantsOfClient(tx, id, GRANTS_PER_STEP);
      for (const grantId of grants) {
        const grant = await deleteGrant(tx, grantId);
        if (grant !== undefined) await recordGrantEnd(deps.record, tx, grant, 'asked', actor.traceId);
      }
      return grants.length;
    });
    if (ended < GRANTS_PER_STEP) break;
  }
  return ok(disabled);
}
