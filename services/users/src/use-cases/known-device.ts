import { randomBytes } from 'node:crypto';
import type { Database } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import { describeDevice } from '../domain/device.ts';
import { audited } from '../domain/fact.ts';
import { DEVICES_MAX, type KnownDevice, knownDeviceOf, rememberDevice } from '../domain/known-devices.ts';
import type { Actor } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { deleteDevices, insertDevice, isKnownDevice, listDevices, touchDevice } from '../repositories/known-devices.ts';
import { lockRoles } from '../repositories/people.ts';
import type { RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
}

const CONTEXT = 'known_device.cookie|people';
const DEVICE_ID_BYTES = 16;

/** Who signed in before in the browser that holds this cookie; nobody when it is not one of ours. */
function openDevices(vault: Vault, cookie: string | undefined): readonly KnownDevice[] {
  if (cookie === undefined) return [];
  try {
    return JSON.parse(vault.open(Buffer.from(cookie, 'base64url'), CONTEXT));
  } catch {
    // Anything can stand in a cookie; one we did not seal is no cookie of ours.
    return [];
  }
}

function deviceHash(vault: Vault, personId: string, deviceId: string): Buffer {
  return vault.hash('known-device', `${personId}|${deviceId}`);
}

/** The id of this browser for somebody who signed in in it before and did not have it forgotten. */
export async function deviceOf(
  { database, vault, clock }: Deps,
  cookie: string | undefined,
  personId: string,
): Promise<string | undefined> {
  const deviceId = knownDeviceOf(openDevices(vault, cookie), personId, clock());
  if (deviceId === undefined) return undefined;
  return (await isKnownDevice(database, personId, deviceHash(vault, personId, deviceId))) ? deviceId : undefined;
}

/**
 * Makes this browser known to somebody who just signed in in it; answers the cookie for it. They are told of a browser
 * that is new, unless it is their first: then there is nobody else to tell.
 */
export async function makeKnown(
  deps: Deps & { readonly record: RecordFacts },
  browser: { readonly cookie: string | undefined; readonly userAgent: string | undefined },
  personId: string,
): Promise<string> {
  const { vault, clock, database } = deps;
  const before = openDevices(vault, browser.cookie);
  const device = describeDevice(browser.userAgent) ?? null;
  const known = knownDeviceOf(before, personId, clock());
  const isStillKnown =
    known !== undefined && (await touchDevice(database, personId, deviceHash(vault, personId, known), device));
  const deviceId = isStillKnown ? known : randomBytes(DEVICE_ID_BYTES).toString('base64url');
  if (!isStillKnown) {
    await database.transaction(async (tx) => {
      await lockRoles(tx, personId);
      const hash = deviceHash(vault, personId, deviceId);
      const others = await insertDevice(tx, personId, { hash, device }, DEVICES_MAX);
      if (others === 0) return;
      await deps.record(tx, [
        { kind: 'security-changed', personId, change: 'device-added', ...(device === null ? {} : { device }) },
      ]);
    });
  }
  const devices = rememberDevice(before, { personId, deviceId, sinceMs: clock() });
  return vault.seal(JSON.stringify(devices), CONTEXT).toString('base64url');
}

/** A browser as its owner sees it. Its public id is a keyed hash; it opens nothing. */
export interface ListedDevice {
  readonly id: string;
  readonly device: string | undefined;
  readonly knownSinceMs: number;
  readonly lastSignInAtMs: number;
}

/** Where somebody signed in before, the latest first. */
export async function listKnownDevices(
  deps: Pick<Deps, 'database'>,
  personId: string,
): Promise<readonly ListedDevice[]> {
  const rows = await listDevices(deps.database, personId);
  return rows.map(({ hash, device, knownSince, lastSignInAt }) => ({
    id: hash.toString('base64url'),
    device: device ?? undefined,
    knownSinceMs: knownSince.getTime(),
    lastSignInAtMs: lastSignInAt.getTime(),
  }));
}

/** Forgets one of somebody's browsers, or all; answers how many there were. */
export function forgetDevices(
  deps: { readonly database: Database; readonly record: RecordFacts },
  actor: Actor,
  id?: string,
): Promise<number> {
  return deps.database.transaction(async (tx) => {
    const hash = id === undefined ? undefined : Buffer.from(id, 'base64url');
    const count = await deleteDevices(tx, actor.subject, hash);
    if (count > 0) await deps.record(tx, [audited(actor, 'users.device-forget', actor.subject)]);
    return count;
  });
}
