import { normaliseIban } from '@florin/money';
import type { Payee } from '@florin/sdk';

/** The payees whose name or IBAN holds what was typed; accents and case do not matter, nor do the spaces of an IBAN. */
export function findPayees(payees: readonly Payee[], typed: string): Payee[] {
  const text = folded(typed.trim());
  const iban = normaliseIban(typed);
  if (text === '') return [...payees];
  return payees.filter((payee) => folded(payee.name).includes(text) || payee.iban.includes(iban));
}

function folded(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
