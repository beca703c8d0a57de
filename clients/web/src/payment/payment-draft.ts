import type { Account, Payee, PayeeCheck } from '@florin/sdk';
import type { PaymentSearch } from './payment-search.ts';

/** Which of the three ways to say who gets the money. */
export type RecipientKind = 'payee' | 'new' | 'own';

/** A name that was checked, with what came of it; about this name and this account only. */
export interface CheckedName {
  readonly name: string;
  readonly iban: string;
  readonly result: PayeeCheck['result'];
  readonly suggestedName?: string;
}

/** A payment as it is typed: texts, nothing of it checked. What belongs to another kind of recipient is kept beside. */
export interface PaymentDraft {
  readonly fromAccountId: string;
  readonly to: RecipientKind;
  readonly toAccountId: string;
  readonly payeeId: string;
  readonly name: string;
  readonly iban: string;
  readonly amount: string;
  readonly reference: string;
  readonly checked: CheckedName | null;
  /** Whether the person insists on a name that is not the holder's. */
  readonly isSure: boolean;
}

/** What there is to choose from. */
export interface PaymentChoices {
  readonly accounts: readonly Account[];
  readonly payees: readonly Payee[];
}

/** The accounts money can leave now. */
export function payingAccounts(accounts: readonly Account[]): Account[] {
  return accounts.filter(({ status }) => status === 'active');
}

/** The accounts of one's own that can be paid from another: in its currency, and not itself. */
export function ownRecipients(accounts: readonly Account[], from: Account | undefined): Account[] {
  return payingAccounts(accounts).filter(
    ({ id, currency }) => from !== undefined && id !== from.id && currency === from.currency,
  );
}

/** A draft to begin with: what the address fills in, and sensible choices for the rest. */
export function freshDraft(search: PaymentSearch, choices: PaymentChoices): PaymentDraft {
  const payee = choices.payees.find(({ id, iban }) => id === search.payee || iban === search.toIban);
  const own = choices.accounts.find(({ iban }) => iban === search.toIban);
  const from = fromAccount(search, choices.accounts, own);
  const isOwn = own !== undefined && ownRecipients(choices.accounts, from).includes(own);
  return {
    fromAccountId: from?.id ?? '',
    to: recipientKind(search, { isOwn, isPayee: payee !== undefined, hasPayees: choices.payees.length > 0 }),
    toAccountId: isOwn ? own.id : '',
    payeeId: isOwn ? '' : (payee?.id ?? ''),
    name: search.name ?? '',
    iban: search.toIban ?? '',
    amount: search.amount ?? '',
    reference: search.reference ?? '',
    checked: null,
    isSure: false,
  };
}

function recipientKind(
  search: PaymentSearch,
  found: { readonly isOwn: boolean; readonly isPayee: boolean; readonly hasPayees: boolean },
): RecipientKind {
  if (found.isOwn) return 'own';
  if (found.isPayee) return 'payee';
  return search.toIban !== undefined || search.name !== undefined || !found.hasPayees ? 'new' : 'payee';
}

/** The account the address names, else the first that is not for saving; never the one that is to be paid. */
function fromAccount(
  search: PaymentSearch,
  accounts: readonly Account[],
  own: Account | undefined,
): Account | undefined {
  const able = payingAccounts(accounts).filter((account) => account !== own);
  return able.find(({ id }) => id === search.from) ?? everyday(able);
}

/** People pay from what they do not save; accounts come in the order they were opened. */
function everyday(accounts: readonly Account[]): Account | undefined {
  return accounts.find(({ product }) => !product.startsWith('savings')) ?? accounts[0];
}

/** A draft from before with what can still be chosen: accounts come and go while a draft is kept. */
export function fitDraft(draft: PaymentDraft, choices: PaymentChoices): PaymentDraft {
  const from = payingAccounts(choices.accounts).find(({ id }) => id === draft.fromAccountId);
  const isPayable = ownRecipients(choices.accounts, from).some(({ id }) => id === draft.toAccountId);
  const isKept = choices.payees.some(({ id }) => id === draft.payeeId);
  return {
    ...draft,
    fromAccountId: from?.id ?? '',
    toAccountId: isPayable ? draft.toAccountId : '',
    payeeId: isKept ? draft.payeeId : '',
  };
}
