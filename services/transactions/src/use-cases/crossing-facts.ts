import type { Account } from '../domain/account.ts';
import type { TransferCommand } from '../domain/command.ts';
import type { Crossing } from '../sagas/crossing-transfer.ts';

/** All that both shards need to know of a transfer between them. */
export function crossingOf(command: TransferCommand, payer: Account, payee: Account): Crossing {
  return {
    transferId: command.id,
    feeJournalId: command.feeJournalId,
    actor: command.actor,
    payer: { accountId: payer.id, iban: payer.iban, name: payer.holderName },
    payee: { accountId: payee.id, iban: payee.iban, name: payee.holderName },
    amountMinor: command.amountMinor,
    currency: command.currency,
    reference: command.reference,
  };
}
