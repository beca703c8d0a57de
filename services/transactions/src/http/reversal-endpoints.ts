import { type ApprovalDesk, askedReply } from '@florin/approvals';
import { mayAny, reverseTransfer } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { askForReversal } from '../use-cases/approve-reversal.ts';
import { type Reversals, reverseJournal } from '../use-cases/reverse-journal.ts';
import { fingerprintOf, outcomeReply } from './outcome-reply.ts';
import { presentCrossingReversal, presentReversal } from './presenters.ts';
import { refusal, refusalAnswer } from './problems.ts';

/** What staff may undo: one asks for it and a second one decides, or forces what was refused to somebody else. */
export function reversalEndpoints(reversals: Reversals, approvals: ApprovalDesk): Endpoint[] {
  return [
    endpoint(reverseTransfer, async ({ params, body, principal, caller, idempotencyKey, traceId }) => {
      const force = body.force ?? false;
      const fingerprint = fingerprintOf('reverseTransfer', params.id, body.reason, force);
      if (!mayAny(principal.roles, [force ? 'transfers:force-reversal:any' : 'transfers:reverse:any'])) {
        return refusal({ code: 'second-person-required', detail: force ? FORCED_BY_OTHERS : ASKED_BY_OTHERS }, traceId);
      }
      if (!force) {
        const wish = { journalId: params.id, reason: body.reason, idempotencyKey, fingerprint };
        return askedReply(approvals, await askForReversal(reversals.shards, approvals, caller, wish), traceId);
      }
      const outcome = await reverseJournal(reversals, {
        journalId: params.id,
        actor: caller,
        reason: body.reason,
        force,
        secondPerson: null,
        scope: `${principal.subject} reverseTransfer`,
        key: idempotencyKey,
        fingerprint,
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

const FORCED_BY_OTHERS = 'Only a supervisor may force a reversal, after another person was refused it.';
const ASKED_BY_OTHERS = 'Tellers ask for a reversal, and a supervisor decides about it.';
