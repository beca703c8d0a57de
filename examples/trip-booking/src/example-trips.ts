import type { Choreography } from './choreographed.ts';
import type { Agency, TripResult } from './orchestrated.ts';
import type { TripOrder } from './trip-saga.ts';

/** One of each, for 400.00. */
const ORDER: TripOrder = {
  flight: { what: 'seat to Lisbon', quantity: 1 },
  payment: { what: 'card', quantity: 40_000 },
  hotel: { what: 'room at the harbour', quantity: 1 },
  car: { what: 'small car', quantity: 1 },
  notification: { what: 'message', quantity: 1 },
};

/** Three trips: one goes well, one comes to a full hotel, and for one the car company does not answer for a while. */
export async function bookThreeTrips(agency: Agency, say: (line: string) => void): Promise<readonly TripResult[]> {
  const results: TripResult[] = [];
  const book = async (title: string, order: TripOrder, line?: 'bad') => {
    const result = await agency.book(title, order, line);
    for (const text of ['', title, ...result.timeline]) say(text);
    results.push(result);
  };
  await book('1. Everything works', ORDER);
  await book('2. The hotel is full: what was done is undone, the last first', ORDER);
  const elsewhere = { ...ORDER, hotel: { what: 'room on the hill', quantity: 1 } };
  await book('3. The car company does not answer for a while', elsewhere, 'bad');
  return results;
}

/** The first two again, choreographed: answers what was said about each. */
export async function bookTwoTripsByEvents(
  choreography: Choreography,
  say: (line: string) => void,
): Promise<readonly (readonly string[])[]> {
  const order = { ...ORDER, hotel: { what: 'room by the lake', quantity: 1 } };
  const results: (readonly string[])[] = [];
  for (const title of ['4. Everything works, by events alone', '5. The hotel is full, by events alone']) {
    const said = await choreography.book(order);
    for (const text of ['', title, ...said]) say(text);
    results.push(said);
  }
  return results;
}
