import { readFileSync } from 'node:fs';
import { Fault } from '@florin/primitives';
import type { ExclusiveRoles } from '../domain/roles.ts';
import { createLdapDirectory } from './ldap-directory.ts';
import { createOpenIdLogin } from './openid-login.ts';
import { type ProviderSettings, parseProviders } from './provider-settings.ts';

/** Where other issuers send browsers back to; they are told it when the bank is registered with them. */
const CALLBACK_PATH = '/federation/callback';

/**
 * Opens those of a file who know people as well; nobody without one. Faults with `setting-invalid`, naming the place in the
 * file, or the provider, and no secret.
 */
export function openIdentityProviders(
  file: string | undefined,
  bank: { readonly issuer: string; readonly exclusiveRoles: ExclusiveRoles },
) {
  return readProviders(file).map((one) => {
    try {
      return open(one, bank.issuer, bank.exclusiveRoles);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Fault('setting-invalid', `the identity provider ${one.id} can not be used: ${why}`);
    }
  });
}

function readProviders(file: string | undefined): readonly ProviderSettings[] {
  if (file === undefined || file === '') return [];
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Fault('setting-invalid', `the file ${file} of FLORIN_IDENTITY_PROVIDERS_FILE can not be read`);
  }
  const parsed = parseProviders(text);
  if ('wrong' in parsed) throw new Fault('setting-invalid', `in ${file} something is wrong: ${parsed.wrong}`);
  return parsed.providers;
}

function open(one: ProviderSettings, bankIssuer: string, exclusive: ExclusiveRoles) {
  const { id, name } = one;
  if (one.kind === 'ldap') {
    const { servicePasswordFile, caFile, ...directory } = one;
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') };
    const servicePassword = secretIn(servicePasswordFile);
    return {
      id,
      name,
      kind: 'password' as const,
      verifier: createLdapDirectory({ ...directory, ...ca, servicePassword }, exclusive),
    };
  }
  const { clientSecretFile, ...issuer } = one;
  const redirectUri = `${bankIssuer}${CALLBACK_PATH}`;
  const clientSecret = secretIn(clientSecretFile);
  return {
    id,
    name,
    kind: 'redirect' as const,
    login: createOpenIdLogin({ ...issuer, clientSecret, redirectUri }, exclusive),
  };
}

/** Editors end a file with a line break, which belongs to no secret. */
function secretIn(file: string): string {
  return readFileSync(file, 'utf8').trimEnd();
}
