import { checkSecondFactor, listPasskeyDescriptors } from '@florin/contracts';
import { type Endpoint, endpoint, problemReply } from '@florin/http';
import { confirmFactor } from '../use-cases/confirm-factor.ts';
import { CHALLENGE_SECONDS, credentialsOfPerson, type PasskeyDeps } from '../use-cases/passkeys.ts';
import { secondStepProblem } from './factor-problems.ts';
import { presentDescriptor } from './factors.ts';

/** As of an assertion that signs somebody in. */
const PROOF_LIMIT = { bodyLimitBytes: 16 * 1024 };

/** What other services ask when somebody has to confirm something with a second factor. */
export function confirmFactorEndpoints(deps: PasskeyDeps): readonly Endpoint[] {
  return [
    endpoint(
      checkSecondFactor,
      async ({ params, body, traceId }) => {
        const actor = { subject: params.id, roles: [], traceId };
        const confirmed = await confirmFactor(deps, actor, body);
        if (confirmed.ok) return { status: 204 };
        return problemReply({ ...secondStepProblem(confirmed.failure), traceId });
      },
      PROOF_LIMIT,
    ),
    endpoint(listPasskeyDescriptors, async ({ params }) => ({
      status: 200,
      body: {
        rpId: deps.passkeys.rpId,
        timeout: CHALLENGE_SECONDS * 1_000,
        userVerification: 'required',
        allowCredentials: (await credentialsOfPerson(deps, params.id)).map(presentDescriptor),
      },
    })),
  ];
}
