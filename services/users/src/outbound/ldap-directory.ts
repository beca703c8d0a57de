import { fail, ok, type Result } from '@florin/primitives';
import { AndFilter, Client, type Entry, EqualityFilter, InvalidCredentialsError } from 'ldapts';
import {
  type CredentialFailure,
  type ExternalIdentity,
  type RoleMap,
  rolesOfGroups,
} from '../domain/external-identity.ts';
import type { ExclusiveRoles } from '../domain/roles.ts';

/** What an attribute says about somebody who must not get in: it has this value, or this bit of it is set. */
export type Refusal =
  | { readonly attribute: string; readonly equals: string }
  | { readonly attribute: string; readonly bit: number };

/** A directory that speaks LDAP (RFC 4511), and what its attributes are called. */
export interface LdapDirectory {
  /** `ldaps://host:port`. `ldap://` only to this very machine: passwords would cross the network for anyone to read. */
  readonly url: string;
  /** PEM of the authority of its certificate; those of the system when absent. */
  readonly ca?: string;
  /** What stands for this directory in the identities it vouches for; never change it. */
  readonly issuer: string;
  /** Who may search. */
  readonly serviceDn: string;
  readonly servicePassword: string;
  /** Where people are, at any depth. */
  readonly peopleBase: string;
  readonly objectClass: string;
  readonly loginAttribute: string;
  /** Never changed and never reused: `entryUUID`, or `objectGUID` in Active Directory. */
  readonly subjectAttribute: string;
  readonly emailAttribute: string;
  readonly nameAttribute: string;
  /** The names of the groups somebody is in, usually `memberOf`. */
  readonly groupAttribute: string;
  readonly refusals: readonly Refusal[];
  readonly roles: RoleMap;
}

const TIMEOUT_MS = 5_000;
const SEARCH_SECONDS = 5;
/** One more than may be found: two people of one name are nobody. */
const FOUND_MAX = 2;
const LOGIN_LENGTH_MAX = 254;
const PASSWORD_BYTES_MAX = 1_024;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const WRONG = fail({ code: 'wrong-credentials' } as const);

/**
 * Checks passwords with a directory: finds the one entry of that name as the service, then binds as that entry. A name is
 * sent as a value and never becomes part of a filter's text (CWE-90). An empty password is refused here, because a
 * directory takes it for an anonymous bind and says yes (RFC 4513, section 5.1.2). References to other servers are not
 * followed: they would be sent the password. Throws a RangeError for an address that would show it to the network.
 */
export function createLdapDirectory(directory: LdapDirectory, exclusive: ExclusiveRoles) {
  const { protocol, hostname } = new URL(directory.url);
  if (protocol !== 'ldaps:' && !(protocol === 'ldap:' && LOOPBACK.test(hostname))) {
    throw new RangeError('a directory is reached by ldaps, except on this very machine');
  }
  return {
    async verify(login: string, password: string): Promise<Result<ExternalIdentity, CredentialFailure>> {
      if (login === '' || login.length > LOGIN_LENGTH_MAX || login.includes('\0')) return WRONG;
      if (password === '' || password.includes('\0') || Buffer.byteLength(password) > PASSWORD_BYTES_MAX) return WRONG;
      try {
        const entry = await findEntry(directory, login);
        if (entry === undefined || !(await bindsAs(directory, entry.dn, password))) return WRONG;
        return identityOf(directory, entry, exclusive);
      } catch (cause) {
        return fail({ code: 'provider-unavailable', cause });
      }
    },
  };
}

async function findEntry(directory: LdapDirectory, login: string): Promise<Entry | undefined> {
  return connected(directory, async (client) => {
    await client.bind(directory.serviceDn, directory.servicePassword);
    const { searchEntries } = await client.search(directory.peopleBase, {
      scope: 'sub',
      derefAliases: 'never',
      sizeLimit: FOUND_MAX,
      timeLimit: SEARCH_SECONDS,
      filter: new AndFilter({
        filters: [
          new EqualityFilter({ attribute: 'objectClass', value: directory.objectClass }),
          new EqualityFilter({ attribute: directory.loginAttribute, value: login }),
        ],
      }),
      attributes: [
        directory.subjectAttribute,
        directory.emailAttribute,
        directory.nameAttribute,
        directory.groupAttribute,
        ...directory.refusals.map(({ attribute }) => attribute),
      ],
      explicitBufferAttributes: [directory.subjectAttribute],
    });
    return searchEntries.length === 1 ? searchEntries[0] : undefined;
  });
}

/** On a connection of its own: none that was ever somebody else is used for the next. */
async function bindsAs(directory: LdapDirectory, dn: string, password: string): Promise<boolean> {
  return connected(directory, async (client) => {
    try {
      await client.bind(dn, password);
      return true;
    } catch (error) {
      if (error instanceof InvalidCredentialsError) return false;
      throw error;
    }
  });
}

async function connected<T>(directory: LdapDirectory, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    url: directory.url,
    timeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    // The library speaks TLS whenever it is given options for it, whatever the address says.
    ...(new URL(directory.url).protocol === 'ldaps:' && {
      tlsOptions: { minVersion: 'TLSv1.2', ...(directory.ca !== undefined && { ca: directory.ca }) },
    }),
  });
  try {
    return await work(client);
  } finally {
    // The answer is known by now; a connection that breaks while it is closed changes nothing about it.
    await client.unbind().catch(() => undefined);
  }
}

function identityOf(
  directory: LdapDirectory,
  entry: Entry,
  exclusive: ExclusiveRoles,
): Result<ExternalIdentity, CredentialFailure> {
  if (directory.refusals.some((refusal) => isRefused(entry, refusal))) return WRONG;
  const [subject] = buffersOf(entry[directory.subjectAttribute]);
  const [email] = textsOf(entry[directory.emailAttribute]);
  const [name] = textsOf(entry[directory.nameAttribute]);
  // An entry without a lasting id, an address or a name can not become anybody here.
  if (subject === undefined || email === undefined || name === undefined) return WRONG;
  const roles = rolesOfGroups(textsOf(entry[directory.groupAttribute]), directory.roles, exclusive);
  return ok({
    issuer: directory.issuer,
    subject: subject.toString('hex'),
    email,
    name,
    // Who keeps the directory writes the addresses in it, and a bind is one password.
    isEmailConfirmed: true,
    hasTwoFactors: false,
    roles,
  });
}

function isRefused(entry: Entry, refusal: Refusal): boolean {
  const values = textsOf(entry[refusal.attribute]);
  if ('equals' in refusal) return values.some((value) => value.toLowerCase() === refusal.equals.toLowerCase());
  // Flags that can not be read are not known to be off.
  return values.some((value) => !/^\d+$/.test(value) || (BigInt(value) & BigInt(refusal.bit)) !== 0n);
}

function buffersOf(values: Entry[string] | undefined): Buffer[] {
  return [values ?? []]
    .flat()
    .map((value) => Buffer.from(value))
    .filter(({ length }) => length > 0);
}

function textsOf(values: Entry[string] | undefined): string[] {
  return buffersOf(values).map(String);
}
