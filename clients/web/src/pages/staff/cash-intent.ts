import type { Approval, CashMovement } from '@florin/sdk';
import type { CashBody } from '../../api/staff-commands.ts';
import type { CashSearch } from '../../api/staff-search.ts';
import type { Intent, IntentEvent } from '../../payment/intent.ts';

export type CashKind = 'deposit' | 'withdrawal';

/** What is typed at the counter: texts, nothing of it checked but the IBAN. */
export interface CashDraft {
  readonly kind: CashKind;
  /** The account that was looked up; '' before. */
  readonly iban: string;
  readonly amount: string;
  readonly reference: string;
}

/** What is booked, and whose account it is in words, as it was when it was looked over. */
export interface CashCommand {
  readonly kind: CashKind;
  readonly body: CashBody;
  readonly account: { readonly iban: string; readonly name: string; readonly holderName: string };
}

/** What was booked, or what waits for a second person. */
export type CashAnswer = CashMovement | Approval;

export type CashIntent = Intent<CashDraft, CashCommand, CashAnswer>;
export type CashEvent = IntentEvent<CashDraft, CashCommand, CashAnswer>;

/** What the counter begins with: the account and the kind that the address names. */
export function freshCashDraft({ account, kind }: CashSearch): CashDraft {
  return { kind: kind ?? 'deposit', iban: account ?? '', amount: '', reference: '' };
}

/** What an address asks for, as text; '' when it asks for nothing. */
export function cashOrigin({ account, kind }: CashSearch): string {
  return account === undefined && kind === undefined ? '' : `${account ?? ''} ${kind ?? ''}`;
}
