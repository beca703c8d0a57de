import { type ProblemCode, problemKind } from '@florin/contracts';
import { type Problem, problemReply, type Reply } from '@florin/http';
import { formatMoney } from '@florin/money';
import type { Challenge } from '../domain/challenge.ts';
import type { Answer } from '../use-cases/submission.ts';

/** Why something was refused; with `confirmation-required`, what to confirm. */
export interface Refused {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly challenge?: Challenge;
}

/** A refusal of the ledger as a problem; its status and title are the contract's. */
export function problemOf({ code, detail, challenge }: Refused, traceId: string): Problem {
  const { status, title } = problemKind(code);
  const members = challenge === undefined ? {} : { members: { challenge: presentChallenge(challenge) } };
  return { status, code, title, detail, traceId, ...members };
}

/** A refusal as an immediate reply: nothing of it is remembered. */
export function refusal(failure: Refused, traceId: string): Reply {
  return problemReply(problemOf(failure, traceId));
}

/** What may be otherwise when the same request comes again: the account is there, or the payment is confirmed. */
const MAY_CHANGE: ReadonlySet<ProblemCode> = new Set([
  'account-not-found',
  'confirmation-refused',
  'confirmation-required',
  'second-factor-needed',
]);

/** Whether the same request may be answered otherwise when it comes again under the same key. */
export function mayChange(code: ProblemCode): boolean {
  return MAY_CHANGE.has(code);
}

/** A refusal that a batch decided. One that may be otherwise the next time is not final, and no 404 is. */
export function refusalAnswer(failure: Refused, traceId: string): Answer {
  const reply = refusal(failure, traceId);
  const isFinal = reply.status !== 404 && !mayChange(failure.code);
  return { status: reply.status, body: reply.text ?? '', isFinal };
}

function presentChallenge({ id, hash, payeeIban, payeeName, amountMinor, currency, expiresAtMs }: Challenge) {
  return {
    id,
    hash,
    payee: { iban: payeeIban, name: payeeName },
    amount: formatMoney(amountMinor, currency),
    expiresAt: new Date(expiresAtMs).toISOString(),
  };
}
