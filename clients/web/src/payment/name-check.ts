import type { CheckedName, PaymentDraft } from './payment-draft.ts';
import type { Recipient } from './read-payment.ts';

/** A name to ask the bank about. */
export interface NameToCheck {
  readonly name: string;
  readonly iban: string;
}

/**
 * How sure the name of a recipient is. One's own account needs no check; a kept payee had one, of the name they were
 * first given, which may not be the one they have now.
 */
export type NameStanding = 'own' | 'kept' | CheckedName['result'];

/**
 * The name to check before a recipient is paid: everybody's but one's own and that of a payee whose name is known to be
 * the holder's.
 */
export function nameToCheck(recipient: Recipient): NameToCheck | undefined {
  if (recipient.kind === 'own') return undefined;
  if (recipient.kind === 'new') return { name: recipient.name, iban: recipient.iban };
  const { name, iban, nameCheck } = recipient.payee;
  return nameCheck === 'match' ? undefined : { name, iban };
}

/** What was found out about this very name and account; undefined when it was another, or nothing yet. */
export function checkOf(
  { checked }: Pick<PaymentDraft, 'checked'>,
  wanted: NameToCheck | undefined,
): CheckedName | undefined {
  if (checked === null || wanted === undefined) return undefined;
  return checked.name === wanted.name && checked.iban === wanted.iban ? checked : undefined;
}

/**
 * What stands between a readable draft and its review: a check to ask for, a person to convince themselves, or nothing.
 * What is not the holder's name for sure is gone on with when the person asks a second time, having read what was found;
 * a name that is somebody else's only when they say that they are sure.
 */
export function nextBeforeReview(
  draft: Pick<PaymentDraft, 'checked' | 'isSure'>,
  recipient: Recipient,
): 'check' | 'be-sure' | 'review' {
  const wanted = nameToCheck(recipient);
  if (wanted === undefined) return 'review';
  const checked = checkOf(draft, wanted);
  if (checked === undefined) return 'check';
  return checked.result === 'no-match' && !draft.isSure ? 'be-sure' : 'review';
}

/** How sure the name is at the review. */
export function standingOf(draft: Pick<PaymentDraft, 'checked'>, recipient: Recipient): NameStanding {
  if (recipient.kind === 'own') return 'own';
  const wanted = nameToCheck(recipient);
  if (wanted === undefined) return 'kept';
  return checkOf(draft, wanted)?.result ?? 'not-possible';
}
