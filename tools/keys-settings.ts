import { settingTable } from '@florin/primitives';

/** The environment of `npm run keys:rotate`. */
export const KEYS_SETTINGS = settingTable({
  FLORIN_HOME: { meaning: 'the folder of a bank on this machine, which holds its key files', default: '.florin' },
  FLORIN_POSTGRES_URL: {
    meaning: 'the PostgreSQL server of that bank, as its superuser',
    otherwise: 'the one that came with the installation, as it runs on that folder',
  },
  FLORIN_KEY_FILE: {
    meaning: 'the key file of one service, for a service that runs alone',
    otherwise: 'those of the bank in `FLORIN_HOME`',
  },
  FLORIN_DATABASE_URL: {
    meaning: "that service's database, as the role that serves its requests",
    otherwise: 'those of the bank in `FLORIN_HOME`',
  },
});
