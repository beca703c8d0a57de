import { decideRoles, type ExclusiveRoles } from './roles.ts';

/** Somebody whom another keeper of identities vouches for, as their directory knows them at this moment. */
export interface ExternalIdentity {
  /** Who vouches: an address that never changes. */
  readonly issuer: string;
  /** Who it is there: never reused and never changed, unlike names and e-mail addresses. */
  readonly subject: string;
  readonly email: string;
  readonly name: string;
  /** Whether the address is known to be theirs. */
  readonly isEmailConfirmed: boolean;
  /** What the bank makes of the groups they are in, sorted. */
  readonly roles: readonly string[];
  /** Whether they were asked for two factors there; their own second factor here is then not asked for. */
  readonly hasTwoFactors: boolean;
  /** When they were asked there, in seconds since 1970, where that is not now: a sign-in here is not fresher. */
  readonly askedAtSeconds?: number;
}

/** Which group of a directory gives which role of the bank. What is not in it gives nothing. */
export type RoleMap = Readonly<Record<string, string>>;

const CUSTOMER: readonly string[] = ['customer'];

/**
 * The roles that groups give. Groups are compared as they are kept, without regard to case. Who is in no group that the
 * bank knows is a customer. Groups whose roles nobody may hold together give none of them: the bank does not choose.
 */
export function rolesOfGroups(groups: readonly string[], map: RoleMap, exclusive: ExclusiveRoles): readonly string[] {
  const byGroup = new Map(Object.entries(map).map(([group, role]) => [group.toLowerCase(), role]));
  const mapped = groups.flatMap((group) => byGroup.get(group.toLowerCase()) ?? []);
  if (mapped.length === 0) return CUSTOMER;
  const decided = decideRoles(mapped, exclusive);
  return decided.ok ? decided.value : CUSTOMER;
}

/** Why somebody was not let in. `unavailable` says nothing about them: who keeps their identity can not be asked now. */
export type CredentialFailure =
  | { readonly code: 'wrong-credentials' }
  | { readonly code: 'provider-unavailable'; readonly cause: unknown };

/** What a browser takes along to another issuer and must come back with. */
export interface PendingFederation {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}
