import {
  beginPasskey as beginPasskeyRoute,
  beginTotp,
  confirmTotp,
  createPasskey,
  getMyFactors,
  makeRecoveryCodes as makeCodesRoute,
  removePasskey as removePasskeyRoute,
  removeTotp,
} from '@florin/contracts';
import { type CallContext, type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import { isFreshSignIn, type Passkey, userHandleOf } from '../domain/factors.ts';
import type { FactorOwner } from '../use-cases/fresh-sign-in.ts';
import {
  beginPasskey,
  CHALLENGE_SECONDS,
  finishPasskey,
  type PasskeyDeps,
  type PasskeyWanted,
  readFactors,
  removePasskey,
} from '../use-cases/passkeys.ts';
import { makeRecoveryCodes } from '../use-cases/recovery-codes.ts';
import { beginTotpFactor, confirmTotpFactor, removeTotpFactor } from '../use-cases/totp-factor.ts';
import { type FactorFailure, factorProblem } from './factor-problems.ts';

/** What an authenticator sends is a few hundred bytes; with an attestation nobody asked for, a few thousand. */
const CREATION_LIMIT = { bodyLimitBytes: 40 * 1024 };

/** ES256, EdDSA and RS256 (RFC 9053, RFC 8812), the ones authenticators have, the best first. */
const ALGORITHMS = [-7, -8, -257];
const RP_NAME = 'Florin';

/** What signs somebody in besides their password, for themselves. */
export function factorEndpoints(deps: PasskeyDeps): readonly Endpoint[] {
  return [
    endpoint(getMyFactors, async (call) => {
      const owner = ownerOf(call);
      const factors = await readFactors(deps, owner.subject);
      const hasSecondFactor = factors.totpSinceMs !== undefined || factors.passkeys.length > 0;
      return {
        status: 200,
        body: {
          totp: factors.totpSinceMs === undefined ? null : { since: new Date(factors.totpSinceMs).toISOString() },
          recoveryCodesLeft: factors.recoveryCodesLeft,
          passkeys: factors.passkeys.map(presentPasskey),
          fresh: isFreshSignIn(owner, hasSecondFactor, deps.clock()),
        },
      };
    }),
    endpoint(beginTotp, async (call) => {
      const begun = await beginTotpFactor(deps, ownerOf(call));
      return begun.ok ? { status: 201, body: begun.value } : refused(begun.failure, call);
    }),
    endpoint(confirmTotp, async (call) => {
      const confirmed = await confirmTotpFactor(deps, ownerOf(call), call.body.code);
      if (!confirmed.ok) return refused(confirmed.failure, call);
      return { status: 200, body: { recoveryCodes: confirmed.value.recoveryCodes ?? null } };
    }),
    endpoint(removeTotp, async (call) => {
      const removed = await removeTotpFactor(deps, ownerOf(call));
      return removed.ok ? { status: 204 } : refused(removed.failure, call);
    }),
    endpoint(makeCodesRoute, async (call) => {
      const made = await makeRecoveryCodes(deps, ownerOf(call));
      return made.ok ? { status: 201, body: { recoveryCodes: made.value } } : refused(made.failure, call);
    }),
    endpoint(beginPasskeyRoute, async (call) => {
      const wanted = await beginPasskey(deps, ownerOf(call));
      return wanted.ok ? { status: 200, body: creationOptions(wanted.value) } : refused(wanted.failure, call);
    }),
    endpoint(
      createPasskey,
      async (call) => {
        const made = await finishPasskey(deps, ownerOf(call), call.body);
        if (!made.ok) return refused(made.failure, call);
        const { passkey, recoveryCodes } = made.value;
        return { status: 201, body: { passkey: presentPasskey(passkey), recoveryCodes: recoveryCodes ?? null } };
      },
      CREATION_LIMIT,
    ),
    endpoint(removePasskeyRoute, async (call) => {
      const removed = await removePasskey(deps, ownerOf(call), call.params.id);
      return removed.ok ? { status: 204 } : refused(removed.failure, call);
    }),
  ];
}

type MyCall = Pick<CallContext<typeof getMyFactors>, 'principal' | 'caller' | 'traceId' | 'headers'>;

/** Longer than any code; what is longer is none. */
const CODE_LENGTH_MAX = 40;

/** Who asks, and what they prove who they are with: how they signed in, and the code they typed for this request. */
export function ownerOf({ principal, caller, headers }: MyCall): FactorOwner {
  const code = headers['x-second-factor'];
  return {
    ...caller,
    acr: principal.acr,
    authTimeSeconds: principal.authTimeSeconds,
    sessionId: principal.sessionId,
    code: typeof code === 'string' && code.length <= CODE_LENGTH_MAX ? code : undefined,
  };
}

function refused(failure: FactorFailure, { traceId }: MyCall): Reply {
  return problemReply({ ...factorProblem(failure), traceId });
}

function presentPasskey(passkey: Passkey) {
  return {
    id: passkey.id,
    name: passkey.name,
    createdAt: new Date(passkey.createdAtMs).toISOString(),
    lastUsedAt: passkey.lastUsedAtMs === undefined ? null : new Date(passkey.lastUsedAtMs).toISOString(),
  };
}

/** What the browser is told to ask an authenticator for (WebAuthn Level 3, section 5.4). */
function creationOptions(wanted: PasskeyWanted) {
  return {
    challenge: wanted.challenge.toString('base64url'),
    rp: { id: wanted.rpId, name: RP_NAME },
    user: { id: userHandleOf(wanted.personId), name: wanted.email, displayName: wanted.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: CHALLENGE_SECONDS * 1_000,
    attestation: 'none',
    excludeCredentials: wanted.known.map(presentDescriptor),
    // One that can be found without a name, and that checks its user: it signs in by itself.
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
  };
}

/** A credential, for an authenticator to recognise. */
export function presentDescriptor(credential: PasskeyWanted['known'][number]) {
  return {
    id: credential.credentialId.toString('base64url'),
    type: 'public-key',
    transports: [...credential.transports],
  };
}
