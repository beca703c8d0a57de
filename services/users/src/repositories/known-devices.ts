import { type Executor, sql, type Tx } from '@florin/postgres';

/** A browser somebody signed in in before. */
export interface DeviceRow {
  readonly hash: Buffer;
  readonly device: string | null;
  readonly knownSince: Date;
  readonly lastSignInAt: Date;
}

export async function isKnownDevice(on: Executor, personId: string, hash: Buffer): Promise<boolean> {
  const rows = await on.query(sql`SELECT FROM known_device WHERE device_hash = ${hash} AND person_id = ${personId}`);
  return rows.length === 1;
}

/** Notes a sign-in in a browser that is known; false when it is not. */
export async function touchDevice(
  on: Executor,
  personId: string,
  hash: Buffer,
  device: string | null,
): Promise<boolean> {
  const touched = await on.execute(sql`
    UPDATE known_device SET last_sign_in_at = now(), device = coalesce(${device}::text, device)
     WHERE device_hash = ${hash} AND person_id = ${personId}`);
  return touched === 1;
}

/** Makes a browser known; those beyond `max` that were used longest ago make room. Answers how many there were before. */
export async function insertDevice(
  tx: Tx,
  personId: string,
  { hash, device }: { readonly hash: Buffer; readonly device: string | null },
  max: number,
): Promise<number> {
  const before = await tx.query<{ hash: Buffer }>(sql`
    SELECT device_hash AS hash FROM known_device WHERE person_id = ${personId} ORDER BY last_sign_in_at DESC`);
  const tooMany = before.slice(max - 1).map((row) => row.hash);
  await tx.execute(sql`DELETE FROM known_device WHERE device_hash = ANY(${tooMany}::bytea[])`);
  await tx.execute(sql`
    INSERT INTO known_device (device_hash, person_id, device) VALUES (${hash}, ${personId}, ${device})`);
  return before.length;
}

/** Somebody's browsers, the latest first. */
export function listDevices(on: Executor, personId: string): Promise<DeviceRow[]> {
  return on.query<DeviceRow>(sql`
    SELECT device_hash AS hash, device, known_since AS "knownSince", last_sign_in_at AS "lastSignInAt"
      FROM known_device WHERE person_id = ${personId} ORDER BY last_sign_in_at DESC, device_hash`);
}

/** Forgets one browser of somebody's, or all; answers how many. */
export function deleteDevices(on: Executor, personId: string, hash?: Buffer): Promise<number> {
  return hash === undefined
    ? on.execute(sql`DELETE FROM known_device WHERE person_id = ${personId}`)
    : on.execute(sql`DELETE FROM known_device WHERE person_id = ${personId} AND device_hash = ${hash}`);
}

/** Deletes up to `limit` that nobody signed in in for so many days; answers how many. */
export function purgeDevices(on: Executor, days: number, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM known_device WHERE device_hash IN (
      SELECT device_hash FROM known_device WHERE last_sign_in_at < now() - make_interval(days => ${days})
       ORDER BY last_sign_in_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`);
}
