import { type Database, sql, type Tx } from '@florin/postgres';
import { systemClock } from '@florin/primitives';
import { type DirectTransport, local, type Operation, type Outcome, runParticipant } from '@florin/saga';
import type { Company, Item, TripOrder } from './trip-saga.ts';

/**
 * Takes what a trip ordered, or says why not. It looks for no repetitions: the barrier of the participant kit calls it once
 * a trip, and writes that down in the same transaction.
 */
export async function take(tx: Tx, tripId: string, { what, quantity }: Item): Promise<boolean> {
  const taken = await tx.query(sql`
    with taken as (
      update stock set free = free - ${quantity} where what = ${what} and free >= ${quantity} returning what
    )
    insert into booking (trip_id, what, quantity) select ${tripId}, what, ${quantity} from taken returning trip_id`);
  return taken.length === 1;
}

/** Gives back what the trip's own booking says was taken. */
export async function giveBack(tx: Tx, tripId: string): Promise<void> {
  await tx.execute(sql`
    with cancelled as (
      update booking set is_cancelled = true where trip_id = ${tripId} and not is_cancelled returning what, quantity
    )
    update stock set free = free + quantity from cancelled where stock.what = cancelled.what`);
}

/** Why a company says no. It is an answer of business: asking again would not change it, so the saga turns back. */
const REFUSALS: Readonly<Record<Company, { readonly code: string; readonly detail: string }>> = {
  flight: { code: 'flight-full', detail: 'there is no seat left' },
  payment: { code: 'card-declined', detail: 'there is not enough money on the card' },
  hotel: { code: 'hotel-full', detail: 'there is no room left' },
  car: { code: 'no-car', detail: 'there is no car left' },
  notification: { code: 'no-notice', detail: 'nobody can be notified' },
};

function bookWith(company: Company): Operation {
  return async (tx, payload, { sagaId }): Promise<Outcome> => {
    const order = (payload.input as unknown as TripOrder)[company];
    if (await take(tx, sagaId, order)) return { kind: 'applied', output: { booked: order.what } };
    return { kind: 'rejected', ...REFUSALS[company] };
  };
}

const cancel: Operation = async (tx, _payload, { sagaId }): Promise<Outcome> => {
  await giveBack(tx, sagaId);
  return { kind: 'applied', output: {} };
};

const OPERATIONS: Readonly<Record<Company, Readonly<Record<string, Operation>>>> = {
  flight: { 'reserve-seat': bookWith('flight'), 'release-seat': cancel },
  payment: { 'charge-card': bookWith('payment'), 'refund-card': cancel },
  hotel: { 'book-room': bookWith('hotel') },
  car: { 'rent-car': bookWith('car') },
  notification: { 'send-notice': bookWith('notification') },
};

/** The way to a company, which here is in this process. `overHttp` and `overBroker` lead to one in another. */
export function wayTo(company: Company, db: Database): DirectTransport {
  return local((command) => runParticipant(db, command, { operations: OPERATIONS[company], nowMs: systemClock() }));
}
