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
  postgresShard1: 35,
  postgresShard2: 36,
  postgresShard3: 37,
  kafka: 40,
  kafkaController: 41,
  kafka2: 42,
  kafka2Controller: 43,
  redis: 45,
  kafka3: 46,
  kafka3Controller: 47,
  prometheus: 50,
  alertmanager: 51,
  postgresExporter: 52,
  postgres2Exporter: 53,
  redisExporter: 54,
  nginxExporter: 55,
  nodeExporter: 56,
  /** What NGINX says of itself, to its exporter. */
  nginxStatus: 57,
  // After those of the detours.
  postgresShard1Exporter: 77,
  postgresShard2Exporter: 78,
  postgresShard3Exporter: 79,
} as const;

export type StackPort = keyof typeof OFFSETS;
export type StackPorts = Readonly<Record<StackPort, number>>;

export const BASE_PORT = 8443;

/** Where proxies of whoever tries the links of a stack may listen, as offsets: from the first on, before the second. */
const DETOUR_OFFSETS = [60, 76] as const;

/** The ports of a stack whose public one is `base`. */
export function portsFrom(base: number): StackPorts {
  return Object.fromEntries(Object.entries(OFFSETS).map(([name, offset]) => [name, base + offset])) as StackPorts;
}

/** The ports beside those of a stack that proxies in front of its servers may take. */
export function detourPortsFrom(base: number): readonly number[] {
  const [first, end] = DETOUR_OFFSETS;
  return Array.from({ length: end - first }, (_, index) => base + first + index);
}
