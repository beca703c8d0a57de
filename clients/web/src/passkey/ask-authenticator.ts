/** Why there is no answer of an authenticator; the person is told, and may try again. */
export type AuthenticatorRefusal = 'cancelled' | 'known-here' | 'not-here';

export class AuthenticatorRefused extends Error {
  override readonly name = 'AuthenticatorRefused';
  readonly reason: AuthenticatorRefusal;

  constructor(reason: AuthenticatorRefusal) {
    super(`the authenticator gave no answer: ${reason}`);
    this.reason = reason;
  }
}

/** The library comes when somebody uses a passkey; most pages never need it. */
const library = () => import('@simplewebauthn/browser');

type Library = Awaited<ReturnType<typeof library>>;
type CreationOptions = Parameters<Library['startRegistration']>[0]['optionsJSON'];
type RequestOptions = Parameters<Library['startAuthentication']>[0]['optionsJSON'];

/** Has an authenticator make a passkey. Rejects with `AuthenticatorRefused` when none comes of it. */
export async function makePasskey(options: CreationOptions) {
  const { id, response } = await asked(async ({ startRegistration }) => startRegistration({ optionsJSON: options }));
  return {
    id,
    clientDataJSON: response.clientDataJSON,
    attestationObject: response.attestationObject,
    transports: response.transports ?? [],
  };
}

/** Has an authenticator sign with a passkey. Rejects with `AuthenticatorRefused` when none comes of it. */
export async function signWithPasskey(options: RequestOptions) {
  const { id, response } = await asked(async ({ startAuthentication }) =>
    startAuthentication({ optionsJSON: options }),
  );
  return {
    id,
    clientDataJSON: response.clientDataJSON,
    authenticatorData: response.authenticatorData,
    signature: response.signature,
    userHandle: response.userHandle ?? null,
  };
}

async function asked<Answer>(ask: (library: Library) => Promise<Answer>): Promise<Answer> {
  const webauthn = await library();
  if (!webauthn.browserSupportsWebAuthn()) throw new AuthenticatorRefused('not-here');
  try {
    return await ask(webauthn);
  } catch (error) {
    throw new AuthenticatorRefused(reasonOf(error));
  }
}

/** Browsers say little of why, on purpose (WebAuthn Level 3, section 14.5): most of it is "the person did not go on". */
function reasonOf(error: unknown): AuthenticatorRefusal {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError') return 'known-here';
  return name === 'SecurityError' || name === 'NotSupportedError' ? 'not-here' : 'cancelled';
}
