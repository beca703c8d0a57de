import { mayAny, reverseTransfer } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { type Reversals, reverseJournal } from '../use-cases/reverse-journal.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { presentCrossingReversal, presentReversal } from './presenters.ts';
import { refusal, refusalAnswer } from './problems.ts';

/** What staff may undo. */
export function reversalEndpoints(reversals: Reversals): Endpoint[] {
  return [
    endpoint(reverseTransfer, async ({ params, body, principal, caller, idempotencyKey, traceId }) => {
      const force = body.force ?? false;
      if (force && !mayAny(principal.roles, ['transfers:force-reversal:any'])) {
        const detail = 'Only a supervisor may force a reversal, after another person was refused it.';
        return refusal({ code: 'second-person-required', detail }, traceId);
      }
      const outcome = await reverseJournal(reversals, {
        journalId: params.id,
        actor: caller,
        reason: body.reason,
        force,
        scope: `${principal.subject} reverseTransfer`,
        key: idempotencyKey,
        fingerprint: fingerprintOf('reverseTransfer', params.id, body.reason, force),
        present: (result) =>
          result.ok
            ? { status: 201, body: JSON.stringify(presentReversal(result.value)), isFinal: true }
            : refusalAnswer(result.failure, traceId),
        presentCrossing: (state) =>
          state.status === 'refused'
            ? refusalAnswer(state.failure, state.reversal.traceId)
            : {
                status: state.status === 'pending' ? 202 : 201,
                body: JSON.stringify(presentCrossingReversal(state)),
                isFinal: true,
              },
      });
      return outcomeReply(outcome, traceId);
    }),
  ];
}
