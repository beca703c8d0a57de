import { readFileSync } from 'node:fs';
import { Fault } from '@florin/primitives';
import type { ProviderSettings } from '../domain/provider-settings.ts';
import type { ExclusiveRoles } from '../domain/roles.ts';
import type { IdentityProvider } from '../use-cases/ports.ts';
import { createLdapDirectory } from './ldap-directory.ts';
import { createOpenIdLogin } from './openid-login.ts';

/** Where other issuers send browsers back to; they are told it when the bank is registered with them. */
export const CALLBACK_PATH = '/federation/callback';

/** Opens everybody else who knows people. Faults with `setting-invalid`, naming the provider and no secret. */
export function openIdentityProviders(
  settings: readonly ProviderSettings[],
  bank: { readonly issuer: string; readonly exclusiveRoles: ExclusiveRoles },
): readonly IdentityProvider[] {
  return settings.map((one) => {
    try {
      return open(one, bank.issuer, bank.exclusiveRoles);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Fault('setting-invalid', `the identity provider ${one.id} can not be used: ${why}`);
    }
  });
}

function open(one: ProviderSettings, bankIssuer: string, exclusive: ExclusiveRoles): IdentityProvider {
  const { id, name } = one;
  if (one.kind === 'ldap') {
    const { servicePasswordFile, caFile, ...directory } = one;
    const ca = caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') };
    const servicePassword = secretIn(servicePasswordFile);
    return {
      id,
      name,
      kind: 'password',
      verifier: createLdapDirectory({ ...directory, ...ca, servicePassword }, exclusive),
    };
  }
  const { clientSecretFile, ...issuer } = one;
  const redirectUri = `${bankIssuer}${CALLBACK_PATH}`;
  const clientSecret = secretIn(clientSecretFile);
  return { id, name, kind: 'redirect', login: createOpenIdLogin({ ...issuer, clientSecret, redirectUri }, exclusive) };
}

/** Editors end a file with a line break, which belongs to no secret. */
function secretIn(file: string): string {
  return readFileSync(file, 'utf8').trimEnd();
}
