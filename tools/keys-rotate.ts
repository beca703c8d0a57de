import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Database, openDatabase, runningEmbeddedPostgres } from '@florin/postgres';
import { Fault, readSettings } from '@florin/primitives';
import { type KeyedService, keyedServices, rotateKeys, type Wish } from './key-rotation.ts';
import { KEYS_SETTINGS } from './keys-settings.ts';
import { loadSecrets } from './secrets.ts';

const USAGE = `npm run keys:rotate -- [--kek] [--dek]

  --kek     a new key-encryption key in every key file; the bank that runs locks its data keys with it
  --dek     a new data key for every service; the bank that runs seals again what older ones sealed
  neither   says how far it is`;

/** `npm run keys:rotate`: new keys for a bank that runs. Killed in the middle, the bank goes on; asked again, it says how far. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kek: { type: 'boolean', default: false },
      dek: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(USAGE);
  const wishes: readonly Wish[] = [
    ...(values.kek ? (['kek'] as const) : []),
    ...(values.dek ? (['dek'] as const) : []),
  ];
  const opened: Database[] = [];
  try {
    await rotateKeys(await findServices(opened), wishes, say);
  } finally {
    await Promise.all(opened.map((database) => database.close()));
  }
}

async function findServices(opened: Database[]): Promise<readonly KeyedService[]> {
  const settings = readSettings(KEYS_SETTINGS, process.env);
  const open = (url: string): Database => {
    const database = openDatabase({ url, applicationName: 'florin-keys', poolSize: 1 });
    opened.push(database);
    return database;
  };
  const url = settings.FLORIN_DATABASE_URL;
  const keyFile = settings.FLORIN_KEY_FILE;
  if (url !== undefined && keyFile !== undefined) return [{ name: 'the service', database: open(url), keyFile }];
  const home = resolve(settings.FLORIN_HOME);
  const server = settings.FLORIN_POSTGRES_URL ?? runningEmbeddedPostgres(`${home}/postgres`);
  if (server === undefined) throw new Fault('bank-not-running', 'the bank does not run: npm start first');
  return keyedServices(home, server, await loadSecrets(home), open);
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  process.stderr.write(`florin: ${error.message}\n`);
  process.exitCode = 1;
}
