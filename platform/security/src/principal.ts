import { ROLES, type Role } from '@florin/contracts';
import { type ThirdParty, thirdPartyFrom } from './third-party.ts';

/** Who is asking, as a service sees it. Comes from a verified token and from nowhere else. */
export interface Principal {
  /** A user id, `service:<name>` or `anonymous`. */
  readonly subject: string;
  readonly kind: 'person' | 'service' | 'anonymous';
  readonly roles: readonly Role[];
  readonly clientId?: string;
  readonly sessionId?: string;
  /** How they proved who they are (OpenID Connect `acr`), and when. */
  readonly acr?: string;
  readonly authTimeSeconds?: number;
  readonly name?: string;
  /** Whether they have a second factor set up, as of when the token was issued. */
  readonly hasSecondFactor?: boolean;
  /** The program that asks in the name of this person is not the bank's; absent when it is. */
  readonly thirdParty?: ThirdParty;
}

/** Whoever calls a public route. */
export const ANONYMOUS: Principal = { subject: 'anonymous', kind: 'anonymous', roles: [] };

/** Longer than any id of ours, short enough to log and to use in a cache key. */
const SUBJECT_LENGTH_MAX = 100;
const NAME_LENGTH_MAX = 200;

const KNOWN_ROLES: ReadonlySet<string> = new Set(ROLES);

/**
 * A person from the claims of a verified token; undefined when the claims are not of the right types. Roles that this
 * build does not know are dropped: an unknown right is no right.
 */
export function personOf(claims: Readonly<Record<string, unknown>>): Principal | undefined {
  const subject = claims['sub'];
  if (typeof subject !== 'string' || subject === '' || subject.length > SUBJECT_LENGTH_MAX) return undefined;
  if (subject === ANONYMOUS.subject || subject.startsWith('service:')) return undefined;
  const roles = rolesOf(claims['roles']);
  if (roles === undefined) return undefined;
  const thirdParty = thirdPartyFrom(claims['third_party']);
  if (thirdParty === 'unreadable') return undefined;
  return { subject, kind: 'person', roles, ...detailsOf(claims), ...(thirdParty && { thirdParty }) };
}

/** Undefined when it is not a list of texts at all. */
function rolesOf(claim: unknown): Role[] | undefined {
  if (claim === undefined) return [];
  if (!Array.isArray(claim) || !claim.every((role) => typeof role === 'string')) return undefined;
  return claim.filter(isRole);
}

function isRole(text: string): text is Role {
  return KNOWN_ROLES.has(text);
}

function detailsOf(claims: Readonly<Record<string, unknown>>): Partial<Principal> {
  const clientId = claims['client_id'];
  const sessionId = claims['sid'];
  const acr = claims['acr'];
  const authTimeSeconds = claims['auth_time'];
  const name = claims['name'];
  const hasSecondFactor = claims['second_factor'];
  return {
    ...(typeof clientId === 'string' && { clientId }),
    ...(typeof sessionId === 'string' && { sessionId }),
    ...(typeof acr === 'string' && { acr }),
    ...(typeof authTimeSeconds === 'number' && { authTimeSeconds }),
    ...(typeof name === 'string' && { name: name.slice(0, NAME_LENGTH_MAX) }),
    ...(hasSecondFactor === true && { hasSecondFactor }),
  };
}

/** The claims that `personOf` and the internal verifier read back. */
export function claimsOf(principal: Principal): Record<string, unknown> {
  return {
    kind: principal.kind,
    roles: principal.roles,
    ...(principal.clientId !== undefined && { client_id: principal.clientId }),
    ...(principal.sessionId !== undefined && { sid: principal.sessionId }),
    ...(principal.acr !== undefined && { acr: principal.acr }),
    ...(principal.authTimeSeconds !== undefined && { auth_time: principal.authTimeSeconds }),
    ...(principal.name !== undefined && { name: principal.name }),
    ...(principal.hasSecondFactor === true && { second_factor: true }),
    ...(principal.thirdParty !== undefined && { third_party: principal.thirdParty }),
  };
}
