import { Type } from 'typebox';
import { STRICT } from './shapes.ts';

/** Six digits of an app or twelve characters of a recovery code, and how people space them. */
export const SecondFactorCode = Type.String({ minLength: 6, maxLength: 40, examples: ['492039', '7K2M-Q0XA-93DT'] });

/** Larger than what any authenticator sends of the kind. */
const BINARY_LENGTH_MAX = 16_384;
const CREDENTIAL_ID_LENGTH_MAX = 1_366;

const Binary = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: BINARY_LENGTH_MAX, description: 'base64url' });
const CredentialId = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: CREDENTIAL_ID_LENGTH_MAX });
const Transports = Type.Array(Type.String({ pattern: '^[a-z-]{1,20}$' }), { maxItems: 8 });

const Descriptor = Type.Object({ id: CredentialId, type: Type.Literal('public-key'), transports: Transports }, STRICT);

/** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3, section 5.1.10), as far as we use it. */
export const AssertionOptionsShape = Type.Object(
  {
    challenge: Binary,
    rpId: Type.String(),
    timeout: Type.Integer({ description: 'Milliseconds.' }),
    userVerification: Type.Literal('required'),
    allowCredentials: Type.Array(Descriptor),
  },
  STRICT,
);

/** `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3, section 5.1.9), as far as we use it. */
export const CreationOptionsShape = Type.Object(
  {
    challenge: Binary,
    rp: Type.Object({ id: Type.String(), name: Type.String() }, STRICT),
    user: Type.Object({ id: Binary, name: Type.String(), displayName: Type.String() }, STRICT),
    pubKeyCredParams: Type.Array(Type.Object({ type: Type.Literal('public-key'), alg: Type.Integer() }, STRICT)),
    timeout: Type.Integer({ description: 'Milliseconds.' }),
    attestation: Type.Literal('none'),
    excludeCredentials: Type.Array(Descriptor),
    authenticatorSelection: Type.Object(
      {
        residentKey: Type.Literal('required'),
        requireResidentKey: Type.Literal(true),
        userVerification: Type.Literal('required'),
      },
      STRICT,
    ),
  },
  STRICT,
);

/** What an authenticator answers when a passkey is used. */
export const AssertionShape = Type.Object(
  {
    id: CredentialId,
    clientDataJSON: Binary,
    authenticatorData: Binary,
    signature: Binary,
    userHandle: Type.Union([Binary, Type.Null()]),
  },
  STRICT,
);

/** What it answers when one is made. */
export const CreationShape = Type.Object(
  {
    id: CredentialId,
    clientDataJSON: Binary,
    attestationObject: Binary,
    transports: Type.Optional(Transports),
  },
  STRICT,
);
