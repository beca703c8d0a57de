import type { ApprovalDesk } from '@florin/approvals';
import { EXCLUSIVE_ROLES, mayAny } from '@florin/contracts';
import type { Broker } from '@florin/messaging';
import type { Logger } from '@florin/observability';
import type { Database } from '@florin/postgres';
import type { Clock, NewId } from '@florin/primitives';
import type { Principal } from '@florin/security';
import type { CheckedConfig } from './config.ts';
import { type ClientSpec, firstPartyClients } from './domain/clients.ts';
import type { OneTimeCodes } from './domain/one-time-codes.ts';
import type { ExclusiveRoles } from './domain/roles.ts';
import type { Vault } from './domain/vault.ts';
import { createFactRecorder, EVENT_SOURCE } from './events/record-facts.ts';
import { oneTimeCodes } from './outbound/one-time-codes.ts';
import { createPasskeyCeremonies } from './outbound/passkey-ceremonies.ts';
import { createPasswordHasher } from './outbound/password-hasher.ts';
import { openVault } from './outbound/vault.ts';
import { GRANT, type RolesRights, rolesApprovable, WITHDRAW } from './use-cases/ask-for-roles.ts';
import type { ChangeRolesDeps } from './use-cases/change-roles.ts';
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
  readonly exclusiveRoles: ExclusiveRoles;
  /** What two admins decide. */
  readonly approvals: ApprovalDesk;
  readonly clients: readonly ClientSpec[];
  readonly clock: Clock;
  readonly newId: NewId;
  /** How long a sign-up may take to its first account. */
  readonly deadlineMs: number;
  clientName(clientId: string): string;
}

/** Makes the parts of a running service. */
export function makeParts(checked: CheckedConfig, database: Database, ports: UsersPorts, deadlineMs: number): Parts {
  const clients = firstPartyClients(checked.issuer);
  const names = new Map(clients.map((client) => [client.id, client.name]));
  const record = createFactRecorder({ ...ports, welcomeDeadlineMs: deadlineMs });
  return {
    checked,
    database,
    vault: openVault(checked.keyEncryptionKey),
    passwords: createPasswordHasher(),
    oneTimeCodes,
    passkeys: createPasskeyCeremonies(checked.issuer),
    exclusiveRoles: EXCLUSIVE_ROLES,
    record,
    approvals: approvalDeskOf({ database, record, exclusiveRoles: EXCLUSIVE_ROLES }, ports),
    clients,
    clock: ports.clock,
    newId: ports.newId,
    deadlineMs,
    clientName: (clientId) => names.get(clientId) ?? clientId,
  };
}

const RIGHTS: RolesRights = {
  mayAsk: (roles) => mayAny(roles, ['roles:change:any']),
  mayDecide: (roles) => mayAny(roles, ['role-approvals:decide:any']),
};

function approvalDeskOf(deps: ChangeRolesDeps, { clock, newId }: UsersPorts): ApprovalDesk {
  const { database } = deps;
  const kinds = {
    [GRANT]: rolesApprovable(deps, 'add', RIGHTS),
    [WITHDRAW]: rolesApprovable(deps, 'remove', RIGHTS),
  };
  return { stores: [database], storeOf: () => database, kinds, source: EVENT_SOURCE, clock, newId };
}
