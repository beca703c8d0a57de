import type { Transfer } from '@florin/sdk';
import type { TransferBody } from '../../api/payment-commands.ts';
import type { Intent, IntentEvent } from '../../payment/intent.ts';
import type { NameStanding } from '../../payment/name-check.ts';
import type { PaymentChoices, PaymentDraft } from '../../payment/payment-draft.ts';
import { type Payment, recipientPerson } from '../../payment/read-payment.ts';

/** What is sent, and what the person was shown when they confirmed it. */
export interface TransferCommand {
  readonly body: TransferBody;
  readonly fromName: string;
  /** The product of the payer's account, which says what a transfer costs. */
  readonly productCode: string;
  readonly toName: string;
  readonly standing: NameStanding;
  /** Somebody who was never kept as a payee. */
  readonly isNew: boolean;
}

/** A draft is null until something was typed: what a form begins with depends on what there is to choose from. */
export type SendIntent = Intent<PaymentDraft | null, TransferCommand, Transfer>;
export type SendEvent = IntentEvent<PaymentDraft | null, TransferCommand, Transfer>;

/** A payment as a transfer. */
export function transferCommand(payment: Payment, standing: NameStanding, { payees }: PaymentChoices): TransferCommand {
  const { from, recipient, amount, reference } = payment;
  const { name, iban } = recipientPerson(recipient);
  return {
    body: { fromAccountId: from.id, toIban: iban, amount, reference },
    fromName: from.name,
    productCode: from.product,
    toName: name,
    standing,
    isNew: recipient.kind === 'new' && !payees.some((payee) => payee.iban === iban),
  };
}
