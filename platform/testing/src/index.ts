export { type FakeClock, fakeClock } from './clock.ts';
export { seededNewId } from './seeded-id.ts';
export { mountSmallDisk, type SmallDisk } from './small-disk.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
export { startTestServer, type TestServer } from './test-server.ts';
