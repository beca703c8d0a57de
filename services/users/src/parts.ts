import type { ApprovalDesk } from '@florin/approvals';
import { EXCLUSIVE_ROLES, mayAny } from '@florin/contracts';
import { type DataKeys, openDataKeys } from '@florin/data-keys';
import type { ServiceCall } from '@florin/http';
import type { Broker } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/observability';
import type { Database } from '@florin/postgres';
import type { Clock, NewId } from '@florin/primitives';
import type { InternalTokens, KeyManagement, Principal } from '@florin/security';
import type { CheckedConfig, UsersConfig } from './config.ts';
import { WELCOME_DEADLINE_MS } from './domain/choreography.ts';
import { type ClientSpec, firstPartyClients } from './domain/clients.ts';
import type { OneTimeCodes } from './domain/one-time-codes.ts';
import type { ExclusiveRoles } from './domain/roles.ts';
import { FLOOD_LIMITS, type Flood, type FloodLimits } from './domain/sign-in-flood.ts';
import type { Vault } from './domain/vault.ts';
import { createFactRecorder, EVENT_SOURCE } from './events/record-facts.ts';
import { createAccountKeeper } from './outbound/account-keeper.ts';
import { openIdentityProviders } from './outbound/identity-providers.ts';
import { knownPasswords } from './outbound/known-passwords.ts';
import { oneTimeCodes } from './outbound/one-time-codes.ts';
import { createPasskeyCeremonies } from './outbound/passkey-ceremonies.ts';
import { createPasswordHasher } from './outbound/password-hasher.ts';
import { createTurns, type Turns } from './outbound/turns.ts';
import { derivedFieldKey, openVault } from './outbound/vault.ts';
import type { ApprovalRights } from './use-cases/approval-rights.ts';
import { GRANT, rolesApprovable, WITHDRAW } from './use-cases/ask-for-roles.ts';
import type { ChangeRolesDeps } from './use-cases/change-roles.ts';
import { ERASE, type ErasureDeps, erasureApprovable } from './use-cases/erase-person.ts';
import type { AccountKeeper, IdentityProvider, PasskeyCeremonies, Passwords, RecordFacts } from './use-cases/ports.ts';

/** A few at once, because most of a sign-in is waiting for its hash; four seconds of them wait, and the rest is held. */
const SIGN_IN_TURNS = { atOnceMax: 4, waitingMax: 100, heldMax: 1_000 };

/** What the process lends to the service. */
export interface UsersPorts {
  /** Verifies an internal token (`createInternalTokenVerifier`, audience `users`). */
  verifyToken(token: string): Principal | undefined | Promise<Principal | undefined>;
  /** Whoever keeps the keys that lock this service's data keys. */
  readonly keyManagement: KeyManagement;
  /** How other services are reached. */
  readonly calls: ServiceCall;
  /** Mints tokens as `service:users`. */
  readonly tokens: InternalTokens;
  readonly broker: Broker;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** What the parts of the service work with. */
export interface Parts {
  readonly checked: CheckedConfig;
  readonly database: Database;
  readonly dataKeys: DataKeys;
  readonly vault: Vault;
  readonly passwords: Passwords;
  /** Lets few sign in at a time, before anything is read for them; see `createTurns`. */
  readonly signInTurns: Turns;
  readonly oneTimeCodes: OneTimeCodes;
  readonly passkeys: PasskeyCeremonies;
  readonly record: RecordFacts;
  /** Whoever keeps people's accounts. */
  readonly accounts: AccountKeeper;
  readonly exclusiveRoles: ExclusiveRoles;
  /** Who else knows people. */
  readonly identityProviders: readonly IdentityProvider[];
  /** What two admins decide. */
  readonly approvals: ApprovalDesk;
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

/** Makes the parts of a running service. Throws the Fault `key-wrong` when its data can not be read. */
export async function makeParts(
  settings: { readonly checked: CheckedConfig; readonly config: UsersConfig; readonly metrics: Metrics },
  database: Database,
  ports: UsersPorts,
): Promise<Parts> {
  const { checked, config, metrics } = settings;
  const clients = firstPartyClients(checked.issuer);
  const dataKeys = await openDataKeys({
    service: 'users',
    database,
    management: ports.keyManagement,
    derivedKey: derivedFieldKey(checked.keyEncryptionKey),
  });
  const names = new Map(clients.map((client) => [client.id, client.name]));
  const deadlineMs = config.welcomeDeadlineMs ?? WELCOME_DEADLINE_MS;
  const vault = openVault(checked.keyEncryptionKey, dataKeys);
  const hasMail = config.mailUrl !== undefined;
  const record = createFactRecorder({ ...ports, vault, hasMail, welcomeDeadlineMs: deadlineMs });
  const accounts = createAccountKeeper(ports);
  return {
    checked,
    database,
    dataKeys,
    vault,
    passwords: createPasswordHasher(),
    signInTurns: createTurns(SIGN_IN_TURNS),
    knownPasswords,
    oneTimeCodes,
    passkeys: createPasskeyCeremonies(checked.issuer),
    exclusiveRoles: EXCLUSIVE_ROLES,
    identityProviders: openIdentityProviders(config.identityProvidersFile, {
      issuer: checked.issuer,
      exclusiveRoles: EXCLUSIVE_ROLES,
    }),
    record,
    accounts,
    approvals: approvalDeskOf({ database, vault, record, accounts, exclusiveRoles: EXCLUSIVE_ROLES }, ports),
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

const RIGHTS: ApprovalRights = {
  mayAsk: (roles) => mayAny(roles, ['roles:change:any']),
  mayDecide: (roles) => mayAny(roles, ['role-approvals:decide:any']),
};

const ERASURE_RIGHTS: ApprovalRights = {
  mayAsk: (roles) => mayAny(roles, ['people:erase:any']),
  mayDecide: RIGHTS.mayDecide,
};

function approvalDeskOf(deps: ChangeRolesDeps & ErasureDeps, { clock, newId }: UsersPorts): ApprovalDesk {
  const { database } = deps;
  const kinds = {
    [GRANT]: rolesApprovable(deps, 'add', RIGHTS),
    [WITHDRAW]: rolesApprovable(deps, 'remove', RIGHTS),
    [ERASE]: erasureApprovable(deps, ERASURE_RIGHTS),
  };
  return { stores: [database], storeOf: () => database, kinds, source: EVENT_SOURCE, clock, newId };
}
