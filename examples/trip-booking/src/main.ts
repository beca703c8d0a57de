import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ensureServiceDatabase, migrate, removeEmbeddedPostgres, startEmbeddedPostgres } from '@florin/postgres';
import { openChoreography } from './choreographed.ts';
import { bookThreeTrips, bookTwoTripsByEvents } from './example-trips.ts';
import { openAgency, tripMigrations } from './orchestrated.ts';

/** A PostgreSQL of its own, which is made at the start and removed at the end. */
const DATA_FOLDER = fileURLToPath(new URL('../../../.florin/trip-booking/', import.meta.url));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A database with the tables in it; its passwords are forgotten with the server. */
async function makeDatabase(serverUrl: string, name: string): Promise<string> {
  const [ownerPassword, runtimePassword] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const made = await ensureServiceDatabase(serverUrl, { name: `trip_${name}`, ownerPassword, runtimePassword });
  await migrate({ url: made.ownerUrl, folder: tripMigrations, runtimeRole: made.runtimeRole });
  return made.runtimeUrl;
}

/** What an earlier run left because it was killed goes first. */
await removeEmbeddedPostgres(DATA_FOLDER);
say('Six databases are being made: one for the travel agency, one for each company ...');
const server = await startEmbeddedPostgres({ dataFolder: DATA_FOLDER });
try {
  const urls = {
    agency: await makeDatabase(server.url, 'agency'),
    flight: await makeDatabase(server.url, 'flight'),
    payment: await makeDatabase(server.url, 'payment'),
    hotel: await makeDatabase(server.url, 'hotel'),
    car: await makeDatabase(server.url, 'car'),
    notification: await makeDatabase(server.url, 'notification'),
  };
  const agency = await openAgency(urls);
  try {
    await bookThreeTrips(agency, say);
  } finally {
    await agency.close();
  }
  const choreography = await openChoreography(urls);
  try {
    await bookTwoTripsByEvents(choreography, say);
  } finally {
    await choreography.close();
  }
} finally {
  await server.stop();
  await removeEmbeddedPostgres(DATA_FOLDER);
}
