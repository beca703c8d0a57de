import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const STRICT = { additionalProperties: false } as const;
const Text = Type.String({ minLength: 1 });

const SHARED = {
  /** In addresses, so never changed. */
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
  /** As the sign-in page calls it. */
  name: Text,
  /** Which group, or role there, gives which role of the bank. What is not in it gives nothing. */
  roles: Type.Record(Type.String(), Text),
};

const Refusal = Type.Union([
  Type.Object({ attribute: Text, equals: Type.String() }, STRICT),
  Type.Object({ attribute: Text, bit: Type.Integer({ minimum: 1 }) }, STRICT),
]);

const Ldap = Type.Object(
  {
    ...SHARED,
    kind: Type.Literal('ldap'),
    url: Text,
    caFile: Type.Optional(Text),
    issuer: Text,
    serviceDn: Text,
    servicePasswordFile: Text,
    peopleBase: Text,
    objectClass: Text,
    loginAttribute: Text,
    subjectAttribute: Text,
    emailAttribute: Text,
    nameAttribute: Text,
    groupAttribute: Text,
    refusals: Type.Array(Refusal),
  },
  STRICT,
);

const Oidc = Type.Object(
  {
    ...SHARED,
    kind: Type.Literal('oidc'),
    issuer: Text,
    clientId: Text,
    clientSecretFile: Text,
    /** Where in the ID token the roles are: `realm_access.roles` of Keycloak. */
    rolesClaim: Text,
    /** Values of `acr` that mean two factors there; any other means one. */
    twoFactorAcr: Type.Array(Text),
  },
  STRICT,
);

const ProvidersShape = Type.Object({ providers: Type.Array(Type.Union([Ldap, Oidc]), { maxItems: 20 }) }, STRICT);

export type LdapSettings = Static<typeof Ldap>;
export type OidcSettings = Static<typeof Oidc>;
export type ProviderSettings = LdapSettings | OidcSettings;

const shape = Compile(ProvidersShape);

/** Reads the file of identity providers. Answers what is wrong with it, by its place, instead. */
export function parseProviders(
  text: string,
): { readonly providers: readonly ProviderSettings[] } | { readonly wrong: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { wrong: 'it is not JSON' };
  }
  if (!shape.Check(parsed)) {
    const [first] = shape.Errors(parsed);
    return { wrong: `${first?.instancePath || '/'} ${first?.message ?? 'is not as it should be'}` };
  }
  const ids = parsed.providers.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  return twice === undefined ? parsed : { wrong: `there are two with the id ${twice}` };
}
