import { beginPasskeySignIn as beginRoute, submitPasskey, submitSignInCode } from '@florin/contracts';
import { type Endpoint, endpoint, problemReply } from '@florin/http';
import { CODE_PROOF } from '../domain/factors.ts';
import { askedFrom } from '../use-cases/asked-from.ts';
import type { CodeDeps } from '../use-cases/check-code.ts';
import { beginPasskeySignIn, signInByPasskey } from '../use-cases/passkey-sign-in.ts';
import { CHALLENGE_SECONDS, type PasskeyDeps } from '../use-cases/passkeys.ts';
import { signInByCode } from '../use-cases/second-step.ts';
import { secondStepProblem } from './factor-problems.ts';
import { presentDescriptor } from './factors.ts';
import type { InteractionSteps } from './interaction.ts';

/** An assertion is some hundred bytes, a credential id may take a thousand more. */
const ASSERTION_LIMIT = { bodyLimitBytes: 16 * 1024 };
const CODE_LIMIT = { bodyLimitBytes: 1024 };

/** The second factor of a sign-in, and the passkey that is both factors in one. */
export function interactionFactorEndpoints(deps: PasskeyDeps & CodeDeps, steps: InteractionSteps): readonly Endpoint[] {
  return [
    endpoint(
      submitSignInCode,
      (call) =>
        steps.run(call, async (interaction) => {
          const place = steps.placeOf(call);
          const result = await signInByCode(askedFrom(deps, call.caller.origin), call.body.code, place, call.traceId);
          if (!result.ok) return problemReply({ ...secondStepProblem(result.failure), traceId: call.traceId });
          const { personId, credentialVersion } = result.value;
          return steps.finishAs(interaction, personId, CODE_PROOF, place, credentialVersion);
        }),
      CODE_LIMIT,
    ),
    endpoint(beginRoute, (call) =>
      steps.run(call, async () => {
        const { challenge, rpId, allowed } = await beginPasskeySignIn(deps, call.params.uid);
        return {
          status: 200,
          body: {
            challenge: challenge.toString('base64url'),
            rpId,
            timeout: CHALLENGE_SECONDS * 1_000,
            userVerification: 'required',
            allowCredentials: allowed.map(presentDescriptor),
          },
        };
      }),
    ),
    endpoint(
      submitPasskey,
      (call) =>
        steps.run(call, async (interaction) => {
          const result = await signInByPasskey(
            askedFrom(deps, call.caller.origin),
            call.params.uid,
            call.body,
            call.traceId,
          );
          if (!result.ok) return problemReply({ ...secondStepProblem(result.failure), traceId: call.traceId });
          const { personId, credentialVersion, proof } = result.value;
          return steps.finishAs(interaction, personId, proof, steps.placeOf(call), credentialVersion);
        }),
      ASSERTION_LIMIT,
    ),
  ];
}
