import { CONTACT_SETTINGS, EDGE_TLS_SETTINGS, LIMIT_SETTINGS } from '@florin/gateway';
import { GUARD_SETTINGS } from '@florin/http';
import { TELEMETRY_SETTINGS } from '@florin/observability';
import { settingTable } from '@florin/primitives';
import { PROVIDER_SETTINGS } from '@florin/users';

/** The environment of `npm start`. What services run alone need besides, a bank in one process makes for itself. */
export const START_SETTINGS = settingTable({
  FLORIN_PORT: {
    meaning: 'the public port; `--port` goes before it. Health and metrics are on the next',
    default: '8080',
  },
  FLORIN_SHARDS: {
    meaning: 'how many databases the ledger of a new bank is spread over, for good; `--shards` goes before it',
    default: '1',
  },
  FLORIN_HOST: { meaning: 'the address it listens on', default: '127.0.0.1' },
  FLORIN_PUBLIC_URL: {
    meaning: 'the address people use, and the issuer; an origin, without a path',
    otherwise: '`https://localhost:` with a certificate, else `http://localhost:`, and the port',
  },
  FLORIN_HOME: { meaning: 'the folder of keys, passwords, the log and the data', default: '.florin' },
  FLORIN_POSTGRES_URL: {
    meaning: 'a PostgreSQL server of yours, as its superuser; databases and roles are made when they are missing',
    otherwise: 'the one that came with the installation is started',
  },
  FLORIN_POSTGRES_CA_FILE: {
    meaning: "the authority of that server's certificate, PEM; the address then means `sslmode=verify-full`",
    otherwise: 'what the address says about TLS holds',
  },
  FLORIN_MAIL_URL: {
    meaning: 'how mail leaves: `smtps://user:password@host`, `smtp://...`, or `file:` and a folder',
    otherwise: '`mail` in FLORIN_HOME, a file each',
  },
  ...PROVIDER_SETTINGS,
  ...EDGE_TLS_SETTINGS,
  ...GUARD_SETTINGS,
  FLORIN_LOG_LEVEL: {
    meaning: 'how much is written to `florin.log`: `debug`, `info`, `warn`, `silent`',
    default: 'info',
  },
  ...TELEMETRY_SETTINGS,
  ...CONTACT_SETTINGS,
  ...LIMIT_SETTINGS,
});
