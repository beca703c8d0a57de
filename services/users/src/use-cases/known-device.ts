import { randomBytes } from 'node:crypto';
import type { Clock } from '@florin/primitives';
import { type KnownDevice, knownDeviceOf, rememberDevice } from '../domain/known-devices.ts';
import type { Vault } from '../domain/vault.ts';

interface Deps {
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

/** The id of this browser for somebody who signed in in it before. */
export function deviceOf(deps: Deps, cookie: string | undefined, personId: string): string | undefined {
  return knownDeviceOf(openDevices(deps.vault, cookie), personId, deps.clock());
}

/** The cookie that makes this browser known to somebody who just signed in in it. */
export function makeKnown(deps: Deps, cookie: string | undefined, personId: string): string {
  const deviceId = deviceOf(deps, cookie, personId) ?? randomBytes(DEVICE_ID_BYTES).toString('base64url');
  const before = openDevices(deps.vault, cookie);
  const devices = rememberDevice(before, { personId, deviceId, sinceMs: deps.clock() });
  return deps.vault.seal(JSON.stringify(devices), CONTEXT).toString('base64url');
}
