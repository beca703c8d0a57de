import type { Broker } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/observability';
import type { Database } from '@florin/postgres';
import type { Clock, NewId } from '@florin/primitives';
import type { Principal } from '@florin/security';
import type { CheckedConfig, UsersConfig } from './config.ts';
import { WELCOME_DEADLINE_MS } from './domain/choreography.ts';
import { type ClientSpec, firstPartyClients } from './domain/clients.ts';
import type { OneTimeCodes } from './domain/one-time-codes.ts';
import { FLOOD_LIMITS, type Flood, type FloodLimits } from './domain/sign-in-flood.ts';
import type { Vault } from './domain/vault.ts';
import { createFactRecorder } from './events/record-facts.ts';
import { knownPasswords } from './outbound/known-passwords.ts';
import { oneTimeCodes } from './outbound/one-time-codes.ts';
import { createPasskeyCeremonies } from './outbound/passkey-ceremonies.ts';
import { createPasswordHasher } from './outbound/password-hasher.ts';
import { openVault } from './outbound/vault.ts';
import type { PasskeyCeremonies, Passwords, RecordFacts } from './use-cases/ports.ts';

/** What the process lends to the service. */
export interface UsersPorts {
  /** Verifies an internal token (`createInternalTokenVerifier`, audience `users`). */
  verifyToken(token: string): Principal | undefined | Promise<Principal | undefined>;
  readonly broker: Broker;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** What the parts of the service work with. */
export interface Parts {
  readonly checked: CheckedConfig;
  readonly database: Database;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly oneTimeCodes: OneTimeCodes;
  readonly passkeys: PasskeyCeremonies;
  readonly record: RecordFacts;
  readonly clients: readonly ClientSpec[];
  readonly clock: Clock;
  readonly newId: NewId;
  /** How long a sign-up may take to its first account. */
  readonly deadlineMs: number;
  readonly logger: Logger;
  readonly knownPasswords: ReadonlySet<string>;
  /** Whether mail leaves the bank. */
  readonly hasMail: boolean;
  readonly floodLimits: FloodLimits;
  countTurnedAway(flood: Flood): void;
  clientName(clientId: string): string;
}

/** Makes the parts of a running service. */
export function makeParts(
  settings: { readonly checked: CheckedConfig; readonly config: UsersConfig; readonly metrics: Metrics },
  database: Database,
  ports: UsersPorts,
): Parts {
  const { checked, config, metrics } = settings;
  const clients = firstPartyClients(checked.issuer);
  const names = new Map(clients.map((client) => [client.id, client.name]));
  const deadlineMs = config.welcomeDeadlineMs ?? WELCOME_DEADLINE_MS;
  const vault = openVault(checked.keyEncryptionKey);
  const hasMail = config.mailUrl !== undefined;
  return {
    checked,
    database,
    vault,
    passwords: createPasswordHasher(),
    knownPasswords,
    oneTimeCodes,
    passkeys: createPasskeyCeremonies(checked.issuer),
    record: createFactRecorder({ ...ports, vault, hasMail, welcomeDeadlineMs: deadlineMs }),
    clients,
    logger: ports.logger,
    clock: ports.clock,
    newId: ports.newId,
    deadlineMs,
    hasMail,
    floodLimits: config.floodLimits ?? FLOOD_LIMITS,
    countTurnedAway: (flood) =>
      metrics.counter('florin_sign_ins_turned_away_total', 'Sign-ins turned away in a flood', ['flood']).inc({ flood }),
    clientName: (clientId) => names.get(clientId) ?? clientId,
  };
}
