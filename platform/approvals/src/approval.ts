import { hash } from 'node:crypto';
import { fail, ok, type Result } from '@florin/primitives';

/** What one member of staff asked for, and what a second one said to it. */
export interface Approval {
  readonly id: string;
  /** What is to be done: `accounts.unfreeze`. */
  readonly action: string;
  /** What it is done to: an account, a person. */
  readonly resource: string;
  /** With what, as plain texts: amounts in minor units, ids. */
  readonly payload: Readonly<Record<string, string>>;
  /** Of what was asked, as `fingerprintOf` made it then. */
  readonly fingerprint: string;
  readonly reason: string;
  readonly maker: string;
  readonly makerRoles: readonly string[];
  readonly traceId: string;
  readonly madeAtMs: number;
  readonly expiresAtMs: number;
  /** `approved` is on its way to `done` or, when it could not be done any more, to `failed`. */
  readonly status: 'pending' | 'expired' | 'rejected' | 'approved' | 'done' | 'failed';
  readonly checker: string | null;
  readonly decisionReason: string | null;
  readonly decidedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly failure: ApprovalFailure | null;
}

/** Why something was refused; `code` is one of the contracts' problems. */
export interface ApprovalFailure<Code extends string = string> {
  readonly code: Code;
  readonly detail: string;
}

export type DecisionFailure = ApprovalFailure<
  'approval-not-found' | 'approval-decided' | 'approval-expired' | 'approval-altered' | 'second-person-required'
>;

/** What nobody has decided within a working day and the next morning is asked anew. */
export const APPROVAL_LIFE_MS = 24 * 3_600_000;

type Asked = Pick<Approval, 'id' | 'action' | 'resource' | 'payload' | 'reason' | 'maker'>;

/** SHA-256 in base64url over everything that was asked, whatever the order of the payload's fields. */
export function fingerprintOf({ id, action, resource, payload, reason, maker }: Asked): string {
  const fields = Object.entries(payload).sort(([one], [other]) => (one < other ? -1 : 1));
  return hash('sha256', JSON.stringify([id, action, resource, fields, reason, maker]), 'base64url');
}

/**
 * Whether somebody may say yes or no to this now. Fails with `approval-not-found`, `approval-decided`, `approval-expired`,
 * `second-person-required` for whoever asked, and `approval-altered` when it is not any more what was asked.
 */
export function decideChecker(
  approval: Approval | undefined,
  checker: string,
  nowMs: number,
): Result<Approval, DecisionFailure> {
  if (approval === undefined) return fail({ code: 'approval-not-found', detail: 'There is no such approval here.' });
  if (approval.status === 'expired' || (approval.status === 'pending' && approval.expiresAtMs <= nowMs)) {
    return fail({ code: 'approval-expired', detail: 'Nobody decided about it in time. It has to be asked anew.' });
  }
  if (approval.status !== 'pending') {
    const said = approval.status === 'rejected' ? 'rejected' : 'approved';
    return fail({ code: 'approval-decided', detail: `It was ${said} already.` });
  }
  if (approval.maker === checker) {
    return fail({ code: 'second-person-required', detail: 'Somebody else than who asked for it decides about it.' });
  }
  if (fingerprintOf(approval) !== approval.fingerprint) {
    return fail({ code: 'approval-altered', detail: 'It is not what was asked for: something changed it since.' });
  }
  return ok(approval);
}
