import type { Account, Posting } from '@florin/sdk';
import { magnitude, signOf } from '../../format/money.ts';

/** What the form for sending money is filled in with, as the search part of its address. */
export interface SendAgain {
  readonly from: string;
  readonly toIban: string;
  readonly payee?: string;
  readonly amount: string;
  readonly reference?: string;
}

/** How to send once more what went out; undefined for what nobody sent, or where the account can not send. */
export function sendAgain(account: Account, posting: Posting): SendAgain | undefined {
  const { iban, name } = posting.counterparty;
  if (account.status !== 'active' || posting.kind !== 'transfer' || iban === null) return undefined;
  if (signOf(posting.amount) !== 'out') return undefined;
  return {
    from: account.id,
    toIban: iban,
    ...(name === null ? {} : { payee: name }),
    amount: magnitude(posting.amount).amount,
    ...(posting.reference === '' ? {} : { reference: posting.reference }),
  };
}
