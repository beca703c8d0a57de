import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { PasskeyAssertion, PasskeyCreation } from '../domain/factors.ts';

/** Checks passkeys for one origin. Its host is their name for us, so they work nowhere else. */
export function createPasskeyCeremonies(origin: string) {
  const rpId = new URL(origin).hostname;
  const expected = { expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true } as const;

  return {
    rpId,
    async verifyCreation(creation: PasskeyCreation, challenge: Buffer) {
      const { id, clientDataJSON, attestationObject } = creation;
      const checked = await unlessRefused(
        verifyRegistrationResponse({
          ...expected,
          expectedChallenge: challenge.toString('base64url'),
          response: {
            id,
            rawId: id,
            type: 'public-key',
            clientExtensionResults: {},
            response: { clientDataJSON, attestationObject },
          },
        }),
      );
      if (checked?.verified !== true) return undefined;
      const { credential } = checked.registrationInfo;
      return {
        credentialId: Buffer.from(credential.id, 'base64url'),
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
      };
    },
    async verifyAssertion(assertion: PasskeyAssertion, challenge: Buffer, publicKey: Buffer) {
      const { id, clientDataJSON, authenticatorData, signature } = assertion;
      const checked = await unlessRefused(
        verifyAuthenticationResponse({
          ...expected,
          expectedChallenge: challenge.toString('base64url'),
          response: {
            id,
            rawId: id,
            type: 'public-key',
            clientExtensionResults: {},
            response: { clientDataJSON, authenticatorData, signature },
          },
          // The counter is held against the stored one by whoever stores it, in one statement with the storing.
          credential: { id, publicKey: new Uint8Array(publicKey), counter: 0 },
        }),
      );
      return checked?.verified === true ? { counter: checked.authenticationInfo.newCounter } : undefined;
    },
  };
}

/** The library throws for whatever is not as expected, and for bytes that are nothing at all. All of it is one refusal. */
async function unlessRefused<T>(checking: Promise<T>): Promise<T | undefined> {
  try {
    return await checking;
  } catch {
    return undefined;
  }
}
