import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { askForNextKey, type DataKeyRow, readDataKeys } from '@florin/data-keys';
import { type Executor, urlAs } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { type LocalKeys, readKeyFile, withNewKey } from '@florin/security';
import { keyFileOf, SEALING_SERVICES, type Secrets, writePrivately } from './secrets.ts';

/** A service whose keys are replaced. */
export interface KeyedService {
  readonly name: string;
  readonly database: Executor;
  readonly keyFile: string;
}

/** The services of a bank on this machine that have keys, with their databases on a server, opened by `open`. */
export function keyedServices(
  home: string,
  server: string,
  { databasePasswords }: Secrets,
  open: (url: string) => Executor,
): readonly KeyedService[] {
  return SEALING_SERVICES.map((name) => {
    const role = `florin_${name}`;
    const database = open(urlAs(server, role, role, databasePasswords[name].runtime));
    return { name, database, keyFile: keyFileOf(home, name) };
  });
}

export type Wish = 'kek' | 'dek' | 'status';

export interface Progress {
  readonly sentence: string;
  readonly isDone: boolean;
}

/**
 * Asks for new keys: `kek` puts one into the key file, `dek` asks whoever runs for the next data key. The work is theirs; it
 * goes on when this is killed.
 */
export async function wish(what: Wish, { database, keyFile }: KeyedService): Promise<void> {
  if (what === 'kek') writePrivately(keyFile, withNextKey(existsSync(keyFile) ? readKeyFile(keyFile) : undefined));
  if (what === 'dek') await askForNextKey(database);
}

/** A key file with one key more, named after the one before. */
function withNextKey(before: LocalKeys | undefined): LocalKeys {
  const [, stem = 'kek-', number = '0'] = /^(.*?)(\d+)$/.exec(before?.current ?? '') ?? [
    undefined,
    `${before?.current ?? 'kek'}-`,
    '0',
  ];
  return withNewKey(before, `${stem}${Number(number) + 1}`);
}

/** How far a service is with its keys. Done when its newest key locks or seals all there is. */
export async function readProgress({ name, database, keyFile }: KeyedService): Promise<Progress> {
  return describeKeys(name, readKeyFile(keyFile).current, await readDataKeys(database));
}

/** `rows` are the newest first. */
export function describeKeys(name: string, kekId: string, rows: readonly DataKeyRow[]): Progress {
  const locked = rows.filter(({ keyId }) => keyId === kekId).length;
  const [newest] = rows;
  const current = rows.find(({ seals }) => seals);
  if (newest === undefined || current === undefined) return { sentence: `${name}: has no data key yet`, isDone: false };
  const isWaiting = newest !== current || newest.isNextWanted;
  const next = isWaiting ? `, ${newest === current ? 'the next is asked for' : `${newest.id} seals in a moment`}` : '';
  const left = current.valuesLeft === undefined ? 'values left not counted yet' : `${current.valuesLeft} values left`;
  return {
    sentence: `${name}: ${kekId} locks ${locked} of ${rows.length} data keys; data key ${current.id} seals${next}, ${left}`,
    isDone: locked === rows.length && !isWaiting && current.valuesLeft === 0n,
  };
}

const LOOK_EVERY_MS = 500;
/** A bank with millions of rows takes longer, and goes on; then this is asked again. */
const FOLLOWED_MS_MAX = 60 * 60_000;

/** Asks for new keys, one kind after the other, and says how far it is until they are in use; only says so without a wish. */
export async function rotateKeys(
  services: readonly KeyedService[],
  wishes: readonly Wish[],
  say: (sentence: string) => void,
): Promise<void> {
  if (wishes.length === 0) for (const service of services) say((await readProgress(service)).sentence);
  for (const what of wishes) {
    for (const service of services) await wish(what, service);
    if (!(await follow(services, { say, withinMs: FOLLOWED_MS_MAX }))) {
      throw new Fault('keys-slow', 'it is not done yet, and goes on; asked without a new key it says how far it is');
    }
  }
}

/** Says how far each service is whenever that changes, until all are done; false when it took longer than `withinMs`. */
export async function follow(
  services: readonly KeyedService[],
  { say, withinMs }: { readonly say: (sentence: string) => void; readonly withinMs: number },
): Promise<boolean> {
  const said = new Map<string, string>();
  for (let round = 0; round * LOOK_EVERY_MS < withinMs; round += 1) {
    let isDone = true;
    for (const service of services) {
      const progress = await readProgress(service);
      if (said.get(service.name) !== progress.sentence) say(progress.sentence);
      said.set(service.name, progress.sentence);
      isDone &&= progress.isDone;
    }
    if (isDone) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}
