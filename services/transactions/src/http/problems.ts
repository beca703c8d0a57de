import { type ProblemCode, problemKind } from '@florin/contracts';
import { type Problem, problemReply, type Reply } from '@florin/http';
import type { LedgerFailure } from '../domain/failures.ts';
import type { Answer } from '../use-cases/submission.ts';

/** A refusal of the ledger as a problem; its status and title are the contract's. */
export function problemOf(failure: { code: ProblemCode; detail: string }, traceId: string): Problem {
  const { status, title } = problemKind(failure.code);
  return { status, code: failure.code, title, detail: failure.detail, traceId };
}

/** A refusal as an immediate reply: nothing of it is remembered. */
export function refusal(failure: { code: ProblemCode; detail: string }, traceId: string): Reply {
  return problemReply(problemOf(failure, traceId));
}

/** A refusal that a batch decided. A 404 is not final: the account may be opened before the retry. */
export function refusalAnswer(failure: LedgerFailure, traceId: string): Answer {
  const reply = refusal(failure, traceId);
  return { status: reply.status, body: reply.text ?? '', isFinal: reply.status !== 404 };
}
