/** That somebody signed in in this browser before; kept by the browser, sealed. */
export interface KnownDevice {
  readonly personId: string;
  /** Of its own, so that its failures are counted apart from everybody else's. */
  readonly deviceId: string;
  readonly sinceMs: number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** After so long without a sign-in a browser is a stranger again. */
export const KNOWN_DEVICE_DAYS = 180;
/** Browsers of one person. The one used longest ago makes room. */
export const DEVICES_MAX = 20;
/** People who share a browser. The one who signed in longest ago makes room. */
const PEOPLE_MAX = 4;

/** The device id somebody is known by in this browser; undefined when they are not. */
export function knownDeviceOf(devices: readonly KnownDevice[], personId: string, nowMs: number): string | undefined {
  const known = devices.find((device) => device.personId === personId);
  return known !== undefined && nowMs - known.sinceMs <= KNOWN_DEVICE_DAYS * DAY_MS ? known.deviceId : undefined;
}

/** The list after somebody signed in: they first. */
export function rememberDevice(devices: readonly KnownDevice[], device: KnownDevice): readonly KnownDevice[] {
  return [device, ...devices.filter(({ personId }) => personId !== device.personId)].slice(0, PEOPLE_MAX);
}
