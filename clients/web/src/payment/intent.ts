import type { Challenge } from '@florin/sdk';

// A payment that is meant to happen once: what was typed, what was reviewed, the key it is sent under, and how far it
// has come. Pure: the clock and the key are in the events, and whoever holds an intent does the sending and storing.

/** What the bank refused for good. Nothing was moved. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly traceId?: string;
}

/** Why a request came to nothing. Only `unsure` and `in-flight` leave open whether the bank has done it. */
export type Failure =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'signed-out' }
  /** The bank wants it confirmed with a second factor first; nothing was moved. */
  | { readonly kind: 'challenged'; readonly challenge: Challenge }
  | { readonly kind: 'busy' | 'too-many' | 'in-flight' | 'unsure'; readonly retryAfterMs: number };

/** Why a review is back although it was confirmed: nothing was sent, or nothing came of it for sure. */
export type Notice = { readonly kind: 'signed-out' | 'busy' } | { readonly kind: 'too-many'; readonly untilMs: number };

interface Reviewed<Draft, Command> {
  readonly draft: Draft;
  /** What is sent and shown; nothing of it changes while the key stands for it. */
  readonly command: Command;
  /** The Idempotency-Key: made with the review, and gone with it. */
  readonly key: string;
}

/** When the person confirmed. The bank remembers a key for a limited time only. */
interface Confirmed<Draft, Command> extends Reviewed<Draft, Command> {
  readonly confirmedAtMs: number;
  /** The challenge that was answered for it, by its id. */
  readonly confirmation?: string;
}

export type Intent<Draft, Command, Answer> =
  | { readonly step: 'form'; readonly draft: Draft; readonly refusal?: Refusal }
  | (Reviewed<Draft, Command> & { readonly step: 'review'; readonly notice?: Notice })
  | (Confirmed<Draft, Command> & {
      readonly step: 'sending';
      /** How many requests of this round came to nothing. */
      readonly failures: number;
      /** How long to wait before the next request. */
      readonly waitMs: number;
      /** Whether an earlier request may have been carried out without our knowing. */
      readonly isUnsure: boolean;
    })
  /** The person is to confirm it with a second factor; then the same is sent again under the same key. */
  | (Confirmed<Draft, Command> & { readonly step: 'confirming'; readonly challenge: Challenge })
  /** Asked as often as makes sense. It may have happened; until that is known nothing new is sent. */
  | (Confirmed<Draft, Command> & { readonly step: 'unknown'; readonly isTooOld: boolean })
  | { readonly step: 'done'; readonly command: Command; readonly answer: Answer };

export type IntentEvent<Draft, Command, Answer> =
  | { readonly kind: 'typed'; readonly draft: Draft }
  | { readonly kind: 'reviewed'; readonly command: Command; readonly key: string }
  | { readonly kind: 'edited' }
  | { readonly kind: 'confirmed'; readonly nowMs: number }
  | { readonly kind: 'approved'; readonly challengeId: string }
  | { readonly kind: 'answered'; readonly key: string; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly key: string; readonly failure: Failure; readonly nowMs: number }
  | { readonly kind: 'asked-again'; readonly nowMs: number }
  | { readonly kind: 'begun-again'; readonly draft: Draft };

/** Pauses between the requests of one round; there is one request more than pauses, over half a minute in all. */
export const RETRY_WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const;
/** When the bank asks for a longer pause than this, the round is over: nobody watches a page for so long. */
export const RETRY_WAIT_MAX_MS = 30_000;
/**
 * How long after its confirmation a key may be used. The bank keeps keys for at least a day; a request under a forgotten
 * one would be a new payment, so we stop well before.
 */
export const KEY_USABLE_MS = 20 * 60 * 60 * 1_000;

/**
 * What becomes of an intent. An event that does not belong to the step changes nothing: the second click of a double
 * click meets `sending`, and what is said about another key is not about this payment.
 */
export function reduceIntent<Draft, Command, Answer>(
  intent: Intent<Draft, Command, Answer>,
  event: IntentEvent<Draft, Command, Answer>,
): Intent<Draft, Command, Answer> {
  switch (event.kind) {
    case 'typed':
      return intent.step === 'form' ? { ...intent, draft: event.draft } : intent;
    case 'reviewed':
      if (intent.step !== 'form') return intent;
      return { step: 'review', draft: intent.draft, command: event.command, key: event.key };
    case 'edited':
      return intent.step === 'review' || intent.step === 'confirming' ? { step: 'form', draft: intent.draft } : intent;
    case 'confirmed':
      return intent.step === 'review' ? confirmed(intent, event.nowMs) : intent;
    case 'approved':
      if (intent.step !== 'confirming' || intent.challenge.id !== event.challengeId) return intent;
      return approved(intent);
    case 'answered':
      if (intent.step !== 'sending' || intent.key !== event.key) return intent;
      return { step: 'done', command: intent.command, answer: event.answer };
    case 'failed':
      if (intent.step !== 'sending' || intent.key !== event.key) return intent;
      return afterFailure(intent, event.failure, event.nowMs);
    case 'asked-again':
      return intent.step === 'unknown' ? checkAgain(intent, event.nowMs) : intent;
    case 'begun-again':
      return isOpen(intent) ? intent : { step: 'form', draft: event.draft };
  }
}

type Sending<Draft, Command> = Extract<Intent<Draft, Command, never>, { step: 'sending' }>;
type Confirming<Draft, Command> = Extract<Intent<Draft, Command, never>, { step: 'confirming' }>;
type Unknown<Draft, Command> = Extract<Intent<Draft, Command, never>, { step: 'unknown' }>;

/** Whether it may still turn out to have happened, and asking the bank can tell. */
export function isOpen<D, C, A>(intent: Intent<D, C, A>): boolean {
  return intent.step === 'sending' || (intent.step === 'unknown' && !intent.isTooOld);
}

function confirmed<D, C>({ draft, command, key }: Reviewed<D, C>, nowMs: number): Sending<D, C> {
  return { step: 'sending', draft, command, key, confirmedAtMs: nowMs, failures: 0, waitMs: 0, isUnsure: false };
}

/** Sends again what was challenged, under its key: it is the same payment still. */
function approved<D, C>({ draft, command, key, confirmedAtMs, challenge }: Confirming<D, C>): Sending<D, C> {
  const confirmation = challenge.id;
  return {
    step: 'sending',
    draft,
    command,
    key,
    confirmedAtMs,
    confirmation,
    failures: 0,
    waitMs: 0,
    isUnsure: false,
  };
}

/** Asks anew about what was confirmed, under its key; no more when the bank may have forgotten that. */
export function checkAgain<D, C>(intent: Confirmed<D, C>, nowMs: number): Sending<D, C> | Unknown<D, C> {
  const reviewed = confirmedOf(intent);
  const { confirmedAtMs } = reviewed;
  if (isKeyTooOld(confirmedAtMs, nowMs)) return { step: 'unknown', ...reviewed, isTooOld: true };
  return { step: 'sending', ...reviewed, failures: 0, waitMs: 0, isUnsure: true };
}

function confirmedOf<D, C>({ draft, command, key, confirmedAtMs, confirmation }: Confirmed<D, C>): Confirmed<D, C> {
  return { draft, command, key, confirmedAtMs, ...(confirmation === undefined ? {} : { confirmation }) };
}

/** A clock that was set back makes an age negative: then nothing is known about it, and it counts as too old. */
function isKeyTooOld(confirmedAtMs: number, nowMs: number): boolean {
  const ageMs = nowMs - confirmedAtMs;
  return !(ageMs >= 0 && ageMs < KEY_USABLE_MS);
}

function afterFailure<D, C, A>(intent: Sending<D, C>, failure: Failure, nowMs: number): Intent<D, C, A> {
  const isUnsure = intent.isUnsure || failure.kind === 'unsure' || failure.kind === 'in-flight';
  const { draft, command, key, confirmedAtMs } = intent;
  const unknown: Unknown<D, C> = { step: 'unknown', ...confirmedOf(intent), isTooOld: false };
  switch (failure.kind) {
    // The bank looks at the key first, so this also says that none of the requests before was carried out.
    case 'challenged':
      return { step: 'confirming', draft, command, key, confirmedAtMs, challenge: failure.challenge };
    case 'refused':
      if (isUnsure && !settles(failure.refusal)) return unknown;
      return { step: 'form', draft, refusal: failure.refusal };
    case 'signed-out':
      return isUnsure ? unknown : { step: 'review', draft, command, key, notice: { kind: 'signed-out' } };
    case 'too-many':
      if (isUnsure) break;
      return {
        step: 'review',
        draft,
        command,
        key,
        notice: { kind: 'too-many', untilMs: nowMs + failure.retryAfterMs },
      };
    default:
  }
  const pauseMs = RETRY_WAITS_MS[intent.failures];
  const waitMs = Math.max(pauseMs ?? 0, failure.retryAfterMs);
  if (pauseMs !== undefined && waitMs <= RETRY_WAIT_MAX_MS && !isKeyTooOld(confirmedAtMs, nowMs + waitMs)) {
    return { ...intent, failures: intent.failures + 1, waitMs, isUnsure };
  }
  return isUnsure ? unknown : { step: 'review', draft, command, key, notice: { kind: 'busy' } };
}

/**
 * Whether a refusal also speaks about the requests before it. The bank answers a used key with its first answer, and
 * what it refuses without looking at the key (a wrong amount, no such account) it refused the first time too. Only who
 * may ask can change from one request to the next; that a confirmation is wanting it says after it looked at the key.
 */
function settles({ status, code }: Refusal): boolean {
  return status !== 403 || UNCONFIRMED.has(code);
}

const UNCONFIRMED: ReadonlySet<string> = new Set(['confirmation-refused', 'second-factor-needed']);
