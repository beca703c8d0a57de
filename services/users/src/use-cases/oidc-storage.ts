import type { Database, Tx } from '@florin/postgres';
import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider';
import { describeDevice } from '../domain/device.ts';
import type { Vault } from '../domain/vault.ts';
import {
  consumeRecord,
  deleteGrant,
  deleteRecord,
  findRecord,
  findRecordByUid,
  grantOfRecord,
  insertRecordOnce,
  type NewOidcRecord,
  type OidcRecord,
  payloadContext,
  type RevokedGrant,
  upsertRecord,
} from '../repositories/oidc-records.ts';

/** Why a grant ended: someone asked for it, or something of it was presented a second time. */
export type RevocationCause = 'asked' | 'replayed';

/** Hears, inside the transaction, that a grant ended, so that the news commits together with the deletion. */
export type OnGrantRevoked = (tx: Tx, grant: RevokedGrant, cause: RevocationCause) => Promise<void>;

/** What oidc-provider stores without a lifetime would live for ever; nothing of ours does, and this bounds it. */
const LIFETIME_SECONDS_MAX = 31 * 24 * 60 * 60;

/**
 * The storage of oidc-provider in PostgreSQL. The library checks and then acts, so everything that must happen once is
 * decided here, by the database, for any number of instances:
 * - `consume` is one conditional update; whoever loses it ends the whole grant (RFC 9700 sections 2.1.1 and 4.14.2);
 * - a replay record (client assertion, DPoP proof) is inserted, never updated;
 * - ids are stored as keyed hashes, payloads sealed to their row, and the database's clock decides what has expired.
 */
export function createOidcStorage(
  database: Database,
  vault: Vault,
  onRevoked: OnGrantRevoked,
  findClient: (id: string) => Promise<AdapterPayload | undefined>,
) {
  const hash = (id: string): Buffer => vault.hash('oidc-id', id);

  async function revoke(grantId: Buffer, cause: RevocationCause): Promise<void> {
    await database.transaction(async (tx) => {
      const revoked = await deleteGrant(tx, grantId);
      if (revoked !== undefined) await onRevoked(tx, revoked, cause);
    });
  }

  function toRecord(model: string, id: string, payload: AdapterPayload, lifetimeSeconds: number): NewOidcRecord {
    const hashed = hash(id);
    return {
      model,
      id: hashed,
      payloadSealed: vault.seal(JSON.stringify(payload), payloadContext(model, hashed)),
      grantId: payload.grantId === undefined || model === 'Interaction' ? null : hash(payload.grantId),
      uid: payload.uid === undefined ? null : hash(payload.uid),
      accountId: payload.accountId ?? null,
      clientId: payload.clientId ?? null,
      device: model === 'Grant' ? deviceOfNow() : null,
      lifetimeSeconds: Math.min(lifetimeSeconds, LIFETIME_SECONDS_MAX),
    };
  }

  function toPayload(model: string, record: OidcRecord | undefined): AdapterPayload | undefined {
    if (record === undefined) return undefined;
    const payload: AdapterPayload = JSON.parse(vault.open(record.payloadSealed, payloadContext(model, record.id)));
    return record.consumed ? { ...payload, consumed: true } : payload;
  }

  return (model: string): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const record = toRecord(model, id, payload, expiresIn ?? LIFETIME_SECONDS_MAX);
      if (model !== 'ReplayDetection') return upsertRecord(database, record);
      if (!(await insertRecordOnce(database, record))) throw new errors.InvalidClientAuth('replayed');
    },
    async find(id) {
      // Those of the bank are configuration and are not asked for here.
      if (model === 'Client') return findClient(id);
      return toPayload(model, await findRecord(database, model, hash(id)));
    },
    async findByUid(uid) {
      return toPayload(model, await findRecordByUid(database, model, hash(uid)));
    },
    // The device flow is off, so nothing is ever stored under a user code.
    async findByUserCode() {
      return undefined;
    },
    async consume(id) {
      if (await consumeRecord(database, model, hash(id))) return;
      const grantId = await grantOfRecord(database, model, hash(id));
      if (grantId !== undefined) await revoke(grantId, 'replayed');
      throw new errors.InvalidGrant('already used');
    },
    async destroy(id) {
      if (model === 'Grant') await revoke(hash(id), causeOfNow());
      else await deleteRecord(database, model, hash(id));
    },
    async revokeByGrantId(grantId) {
      await revoke(hash(grantId), causeOfNow());
    },
  });
}

/** At the token endpoint the library ends a grant for one reason only: a consumed code or token came back. */
function causeOfNow(): RevocationCause {
  return Provider.ctx?.oidc?.route === 'token' ? 'replayed' : 'asked';
}

/** A grant is made in the request that ends the sign-in, which the person's browser sends. */
function deviceOfNow(): string | null {
  return describeDevice(Provider.ctx?.get('user-agent')) ?? null;
}
