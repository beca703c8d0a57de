/** Where each server of the stack listens, from the base on; all on loopback. Services have health and metrics on the next port. */
const OFFSETS = {
  edge: 0,
  gateway: 2,
  gateway2: 4,
  users: 10,
  accounts: 12,
  transactions: 14,
  transactions2: 16,
  notifications: 18,
  /** Both ledger processes behind one address. */
  ledgers: 20,
  postgres: 30,
  postgres2: 31,
  /** Whichever of the two leads, and the other one. */
  primary: 32,
  standby: 33,
  /** A server that goes through the log up to a moment, before it takes the place of the one that led. */
  restoring: 34,
  kafka: 40,
  kafkaController: 41,
  redis: 45,
  prometheus: 50,
} as const;

export type StackPort = keyof typeof OFFSETS;
export type StackPorts = Readonly<Record<StackPort, number>>;

export const BASE_PORT = 8443;

/** The ports of a stack whose public one is `base`. */
export function portsFrom(base: number): StackPorts {
  return Object.fromEntries(Object.entries(OFFSETS).map(([name, offset]) => [name, base + offset])) as StackPorts;
}
