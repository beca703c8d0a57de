import type { StandingOrder } from '@florin/sdk';
import type { StandingOrderBody } from '../../api/payment-commands.ts';
import type { Intent, IntentEvent } from '../../payment/intent.ts';
import type { NameStanding } from '../../payment/name-check.ts';
import type { PaymentChoices, PaymentDraft } from '../../payment/payment-draft.ts';
import { type Payment, recipientPerson } from '../../payment/read-payment.ts';
import { addMonths, isCalendarDate, type Schedule } from './schedule.ts';

/** When a standing order pays, as it is typed; '' where nothing is. */
export interface ScheduleDraft {
  readonly frequency: StandingOrder['frequency'];
  readonly startDate: string;
  readonly endDate: string;
}

/** Everything typed about a new standing order. */
export interface OrderDraft {
  readonly payment: PaymentDraft;
  readonly schedule: ScheduleDraft;
}

/** What is sent, and what the person was shown when they confirmed it. */
export interface OrderCommand {
  readonly body: StandingOrderBody;
  readonly fromName: string;
  readonly standing: NameStanding;
  /** Somebody who was never kept as a payee. */
  readonly isNew: boolean;
}

/** A draft is null until something was typed: what a form begins with depends on what there is to choose from. */
export type OrderIntent = Intent<OrderDraft | null, OrderCommand, StandingOrder>;
export type OrderEvent = IntentEvent<OrderDraft | null, OrderCommand, StandingOrder>;

/** The bank takes no order that begins later than this. */
const START_MONTHS_AHEAD_MAX = 24;

/** Every month from the first of the next one: what most orders are. */
export function freshSchedule(today: string): ScheduleDraft {
  return { frequency: 'monthly', startDate: `${addMonths(`${today.slice(0, 7)}-01`, 1)}`, endDate: '' };
}

export interface ScheduleErrors {
  readonly startDate?: 'startMissing' | 'startPast' | 'startTooFar';
  readonly endDate?: 'endInvalid' | 'endBeforeStart';
}

/** The last day an order may begin on. */
export function latestStart(today: string): string {
  return addMonths(today, START_MONTHS_AHEAD_MAX);
}

/** The schedule a draft stands for, or what is wrong with its dates. `today` is the bank's date. */
export function readSchedule(
  { frequency, startDate, endDate }: ScheduleDraft,
  today: string,
): { readonly schedule: Schedule } | { readonly errors: ScheduleErrors } {
  const start = startError(startDate, today);
  if (start !== undefined) return { errors: { startDate: start } };
  if (endDate === '') return { schedule: { frequency, startDate, endDate: null } };
  if (!isCalendarDate(endDate)) return { errors: { endDate: 'endInvalid' } };
  if (endDate < startDate) return { errors: { endDate: 'endBeforeStart' } };
  return { schedule: { frequency, startDate, endDate } };
}

function startError(startDate: string, today: string): ScheduleErrors['startDate'] {
  if (!isCalendarDate(startDate)) return 'startMissing';
  if (startDate < today) return 'startPast';
  return startDate > latestStart(today) ? 'startTooFar' : undefined;
}

/** A payment and its dates as a standing order. */
export function orderCommand(
  payment: Payment,
  standing: NameStanding,
  { frequency, startDate, endDate }: Schedule,
  { payees }: PaymentChoices,
): OrderCommand {
  const { from, recipient, amount, reference } = payment;
  const { name, iban } = recipientPerson(recipient);
  return {
    body: {
      fromAccountId: from.id,
      toIban: iban,
      payeeName: name,
      amount,
      reference,
      frequency,
      startDate,
      ...(endDate === null ? {} : { endDate }),
    },
    fromName: from.name,
    standing,
    isNew: recipient.kind === 'new' && !payees.some((payee) => payee.iban === iban),
  };
}
