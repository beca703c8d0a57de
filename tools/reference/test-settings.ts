import { settingTable } from '@florin/primitives';

/** What tests and benchmarks look at. They read it where they need it. */
export const TEST_SETTINGS = settingTable({
  FLORIN_TEST_POSTGRES_URL: {
    meaning: 'a PostgreSQL server for the tests, as its superuser; for example one of version 15',
    otherwise: 'one is started in the folder for temporary files',
  },
  FLORIN_PROPERTY_RUNS: { meaning: 'how many histories the ledger is held against its model in', otherwise: '150' },
  FLORIN_PROPERTY_SEED: { meaning: 'the seed a failed run printed, to run it again', otherwise: 'a new one' },
  FLORIN_TEST_REPORT: { meaning: 'a file for the results, as JSON', otherwise: 'none is written' },
  FLORIN_CHROMIUM: { meaning: 'the browser of the browser tests', otherwise: '`/usr/bin/chromium`' },
  FLORIN_URL: {
    meaning: 'a bank that runs already, for the browser tests; with `FLORIN_HOME`',
    otherwise: 'one is started',
  },
  FLORIN_HOME: { meaning: 'the folder of that bank, or of the one of a benchmark', otherwise: 'a new one' },
  FLORIN_POSTGRES_URL: { meaning: 'set by a benchmark for the bank it starts', otherwise: 'nothing' },
});
