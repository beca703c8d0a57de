import { type ActionOrigin, fail, ok, type Result } from '@florin/primitives';
import type { Challenge, Linked } from './challenge.ts';
import type { LedgerFailure } from './failures.ts';
import type { Payer } from './payer.ts';
import { countExempted, type Exempted, NOTHING_EXEMPTED, needOf, type PayeeStanding } from './payment-risk.ts';

/** Who asks for a payment and how: what it takes to decide whether they must confirm it, and to ask them to. */
export interface ApprovalRequest extends Payer {
  readonly payee: {
    readonly standing: PayeeStanding;
    readonly iban: string;
    /** What the payer calls them, when they keep them. */
    readonly name: string | null;
  };
  /** The confirmation that came with the request; null when none did. */
  readonly confirmationId: string | null;
  /** What becomes the challenge if one is needed. Times are the system's, not the bank's. */
  readonly draft: { readonly id: string; readonly nonce: string; readonly expiresAtMs: number };
  /** SHA-256 of a text, base64url. */
  readonly digest: (text: string) => string;
}

/** A challenge as it is kept. */
export interface Confirmation {
  readonly id: string;
  readonly subject: string;
  readonly sessionId: string;
  readonly nonce: string;
  readonly hash: string;
  readonly isConfirmed: boolean;
  readonly isUsed: boolean;
  readonly expiresAtMs: number;
  /** Not yet over by the database's clock. */
  readonly isOpen: boolean;
}

/** What accepting a payment changes besides money: the count of those that were not confirmed, and what was used up. */
export interface ApprovalChange {
  readonly accountId: string;
  readonly subject: string;
  readonly exempted: Exempted | null;
  readonly used: {
    readonly confirmationId: string;
    readonly roles: readonly string[];
    readonly traceId: string;
    readonly origin?: ActionOrigin;
  } | null;
}

/** What stands in the books of approvals, read under the lock of the paying account. */
export interface ApprovalView {
  exempted(accountId: string, subject: string): Exempted | undefined;
  confirmation(id: string): Confirmation | undefined;
}

/**
 * A payment in its canonical form, whose SHA-256 is confirmed: a JSON list of texts in one order, whose first says what it
 * is, so that no two payments are written alike.
 */
export function canonicalPayment(linked: Linked, nonce: string): string {
  const { kind, debitAccountId, payeeIban, amountMinor, currency, reference, terms } = linked;
  const said = ['florin-payment-1', kind, debitAccountId, payeeIban, `${amountMinor}`, currency, reference, ...terms];
  return JSON.stringify([...said, nonce]);
}

/**
 * Whether a payment that is right otherwise may be made: nothing is needed, it is exempt, or the confirmation that came with
 * it is its own. Fails with `confirmation-required` and the challenge, `second-factor-needed` for who could not answer
 * one, or `confirmation-refused`: it does not exist, is somebody else's, of another sign-in, over, used, or of another payment,
 * which are not told apart.
 */
export function decideApproval(
  view: ApprovalView,
  request: ApprovalRequest,
  linked: Linked,
  payerOwners: readonly string[],
): Result<ApprovalChange, LedgerFailure> {
  const { subject, confirmationId } = request;
  const accountId = linked.debitAccountId;
  if (confirmationId !== null) {
    const confirmation = view.confirmation(confirmationId);
    if (confirmation === undefined || !isGood(confirmation, request, linked)) return REFUSED;
    const { roles, traceId, origin } = request;
    const used = { confirmationId, roles, traceId, ...(origin === undefined ? {} : { origin }) };
    return ok({ accountId, subject, exempted: NOTHING_EXEMPTED, used });
  }
  const exempted = view.exempted(accountId, subject) ?? NOTHING_EXEMPTED;
  const { amountMinor, currency } = linked;
  const need = needOf({ payee: standingOf(request, payerOwners), amountMinor, currency, exempted });
  if (need === 'none') return ok({ accountId, subject, exempted: null, used: null });
  if (need === 'exempt' && linked.kind === 'transfer') {
    return ok({ accountId, subject, exempted: countExempted(exempted, amountMinor), used: null });
  }
  return request.hasSecondFactor ? required(challengeOf(request, linked)) : NO_SECOND_FACTOR;
}

function isGood(confirmation: Confirmation, { subject, sessionId, digest }: ApprovalRequest, linked: Linked): boolean {
  const { isConfirmed, isUsed, isOpen, nonce } = confirmation;
  if (!isConfirmed || isUsed || !isOpen) return false;
  if (confirmation.subject !== subject || confirmation.sessionId !== sessionId) return false;
  return confirmation.hash === digest(canonicalPayment(linked, nonce));
}

/** What somebody shares with others is not theirs to move to themselves unasked. */
function standingOf({ payee }: ApprovalRequest, payerOwners: readonly string[]): PayeeStanding {
  return payee.standing === 'own' && payerOwners.length > 1 ? 'new' : payee.standing;
}

function challengeOf(request: ApprovalRequest, linked: Linked): Challenge {
  const { subject, sessionId, roles, traceId, origin, payee, draft, digest } = request;
  return {
    ...linked,
    ...draft,
    hash: digest(canonicalPayment(linked, draft.nonce)),
    payeeName: payee.name,
    subject,
    sessionId,
    roles,
    traceId,
    ...(origin === undefined ? {} : { origin }),
  };
}

function required(challenge: Challenge) {
  return fail<LedgerFailure>({
    code: 'confirmation-required',
    detail: 'Confirm this payment with your authenticator app or a passkey, then send it again.',
    challenge,
  });
}

const NO_SECOND_FACTOR = fail<LedgerFailure>({
  code: 'second-factor-needed',
  detail: 'Payments like this one are confirmed. Set up an authenticator app or a passkey, and sign in again.',
});

const REFUSED = fail<LedgerFailure>({
  code: 'confirmation-refused',
  detail: 'This confirmation is not for this payment, or is used or over. Send the payment without it to begin again.',
});
