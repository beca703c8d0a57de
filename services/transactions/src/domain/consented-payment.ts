import { normaliseIban, parseMoney } from '@florin/money';

/** One payment that a customer allowed a program of somebody else's, under the id of that consent. */
export interface ConsentedPayment {
  readonly toIban: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly fromAccountId?: string;
}

/** What a request would pay. */
export interface WantedPayment {
  readonly fromAccountId: string;
  readonly toIban?: string;
  readonly amount: { readonly amount: string; readonly currency: string };
}

/** Whether a request pays what was allowed: this payee, this amount to the minor unit, and from this account if one was named. */
export function isConsented(wanted: WantedPayment, consented: ConsentedPayment): boolean {
  if (wanted.toIban === undefined || normaliseIban(wanted.toIban) !== normaliseIban(consented.toIban)) return false;
  if (consented.fromAccountId !== undefined && wanted.fromAccountId !== consented.fromAccountId) return false;
  const one = parseMoney(wanted.amount);
  const other = parseMoney(consented.amount);
  if (!one.ok || !other.ok) return false;
  return one.value.amountMinor === other.value.amountMinor && one.value.currency === other.value.currency;
}
