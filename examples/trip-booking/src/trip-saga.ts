import type { RetryPolicy, SagaDefinition, StepDefinition } from '@florin/saga';

/** Short, so that a reader can wait for it. A saga in earnest is more patient. */
const RETRY: RetryPolicy = { attemptsMax: 5, answerMs: 300, firstPauseMs: 200, factor: 2, pauseMsMax: 2_000 };

function step(name: Company, rest: Pick<StepDefinition, 'kind' | 'do' | 'undo'>): StepDefinition {
  return { name, participant: name, retry: RETRY, ...rest };
}

/** Five companies, a database each; nobody can hold a lock in all of them. */
export const COMPANIES = ['flight', 'payment', 'hotel', 'car', 'notification'] as const;
export type Company = (typeof COMPANIES)[number];

/**
 * The trip as data. The seat and the payment can be given back. The room is of a rate that can not, so the hotel decides:
 * once it has said yes, the trip takes place, and the car and the notification are asked until they are there.
 */
export const TRIP: SagaDefinition = {
  type: 'trip',
  version: 1,
  deadlineMs: 60_000,
  compensation: 'in-order',
  steps: [
    step('flight', { kind: 'compensatable', do: 'reserve-seat', undo: 'release-seat' }),
    step('payment', { kind: 'compensatable', do: 'charge-card', undo: 'refund-card' }),
    step('hotel', { kind: 'pivot', do: 'book-room', undo: null }),
    step('car', { kind: 'retriable', do: 'rent-car', undo: null }),
    step('notification', { kind: 'retriable', do: 'send-notice', undo: null }),
  ],
};

/** How much of what: of a card, how many cents. */
export type Item = { readonly what: string; readonly quantity: number };

/** What a trip takes from each company. */
export type TripOrder = Readonly<Record<Company, Item>>;
