import { sql } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Choreography, openChoreography } from './choreographed.ts';
import { bookThreeTrips, bookTwoTripsByEvents } from './example-trips.ts';
import { type Agency, openAgency, type TripResult, tripMigrations } from './orchestrated.ts';
import type { Company } from './trip-saga.ts';

const opened: TestDatabase[] = [];
const said: string[] = [];
let agency: Agency;
let choreography: Choreography;
let trips: readonly TripResult[];
beforeAll(async () => {
  const make = async () => {
    const database = await testDatabase(tripMigrations);
    opened.push(database);
    return database.url;
  };
  const urls = {
    agency: await make(),
    flight: await make(),
    payment: await make(),
    hotel: await make(),
    car: await make(),
    notification: await make(),
  };
  agency = await openAgency(urls);
  trips = await bookThreeTrips(agency, (line) => said.push(line));
  choreography = await openChoreography(urls);
});
afterAll(async () => {
  await Promise.all([agency?.close(), choreography?.close()]);
  await Promise.all(opened.map((database) => database.close()));
});

/** The timeline without its times. */
function words(trip: TripResult | undefined): string[] {
  return (trip?.timeline ?? []).map((line) => line.replace(/^ *\d+ ms {2}/, '').replace(/in \d+ ms/, 'in N ms'));
}

/** The trips that have a booking with a company which stands, in the order they were booked. */
async function bookedWith(company: Company): Promise<string[]> {
  const rows = await agency.companies[company].query<{ id: string }>(sql`
    select trip_id as id from booking where not is_cancelled order by trip_id`);
  return rows.map(({ id }) => id);
}

async function free(company: Company): Promise<bigint[]> {
  const rows = await agency.companies[company].query<{ free: bigint }>(sql`select free from stock order by what`);
  return rows.map((row) => row.free);
}

test('a trip goes through the five companies', () => {
  expect(trips[0]?.saga.status).toBe('completed');
  expect(words(trips[0])).toEqual([
    'the trip begins',
    ...['flight', 'payment', 'hotel', 'car', 'notification'].flatMap((name) => [`ask the ${name}`, `${name}: done`]),
    'the trip is booked',
  ]);
});

test('when the hotel is full, the payment and then the flight are undone', () => {
  expect(trips[1]?.saga).toMatchObject({ status: 'compensated', failure: { code: 'hotel-full' } });
  expect(words(trips[1]).slice(5)).toEqual([
    'ask the hotel',
    'hotel: no, there is no room left',
    'turn back, because there is no room left',
    'undo the payment',
    'payment: undone',
    'undo the flight',
    'flight: undone',
    'everything is as it was before',
  ]);
});

test('a car company that does not answer is asked again, and rents one car all the same', () => {
  expect(trips[2]?.saga.status).toBe('completed');
  expect(words(trips[2])).toContain('ask the car, attempt 3');
  expect(said.filter((line) => line.endsWith('ask the car, attempt 3'))).toHaveLength(1);
});

test('what the companies have left adds up', async () => {
  const [first, second, third] = trips.map((trip) => trip.saga.id);
  expect(second).toBeDefined();
  for (const company of ['flight', 'payment', 'hotel', 'car', 'notification'] as const) {
    expect(await bookedWith(company)).toEqual([first, third]);
  }
  expect(await free('flight')).toEqual([8n]);
  expect(await free('payment')).toEqual([220_000n]);
  expect(await free('hotel')).toEqual([0n, 1n, 0n]);
  expect(await free('car')).toEqual([3n]);
});

test('by events alone the trips end the same', async () => {
  const [works, isFull] = await bookTwoTripsByEvents(choreography, () => {});
  expect(works).toEqual(
    ['flight', 'payment', 'hotel', 'car', 'notification'].map((company) => `trip.${company}-done.v1`),
  );
  expect(isFull).toEqual([
    'trip.flight-done.v1',
    'trip.payment-done.v1',
    'trip.hotel-refused.v1',
    'trip.payment-undone.v1',
    'trip.flight-undone.v1',
  ]);
  expect(await free('flight')).toEqual([7n]);
  expect(await free('payment')).toEqual([180_000n]);
});
