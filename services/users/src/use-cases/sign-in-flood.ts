import type { Logger } from '@florin/observability';
import type { Database, Tx } from '@florin/postgres';
import { audited } from '../domain/fact.ts';
import {
  FLOOD_PACE_SECONDS,
  FLOOD_WINDOW_MINUTES,
  type Flood,
  type FloodLimits,
  floodOf,
} from '../domain/sign-in-flood.ts';
import type { Vault } from '../domain/vault.ts';
import { bookAttempt } from '../repositories/sign-in-failures.ts';
import { countFlood, noteWrongPassword, tellOfFlood } from '../repositories/sign-in-floods.ts';
import type { RecordFacts } from './ports.ts';

export interface FloodDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly record: RecordFacts;
  readonly logger: Logger;
  readonly floodLimits: FloodLimits;
  /** Counts a try that was turned away. */
  countTurnedAway(flood: Flood): void;
}

/** A password and a name, as hashes. */
export interface Tried {
  readonly passwordHash: Buffer;
  readonly loginIndex: Buffer;
}

/** Cut short: of two passwords that share one nothing is lost but a try, and from one no password can be told for sure. */
const HASH_BYTES = 4;
const NOBODY = 'anonymous';
const SIGN_IN = 'sign-in';
const WINDOW_SECONDS = FLOOD_WINDOW_MINUTES * 60;

export function triedOf(vault: Vault, password: string, loginIndex: Buffer): Tried {
  return { passwordHash: vault.hash('wrong-password', password).subarray(0, HASH_BYTES), loginIndex };
}

/**
 * How many seconds a browser that is not known has to wait, because it may be part of a flood from many addresses at many
 * names, where no name and no address fails often. Undefined when it need not. A password that is being tried on many
 * names is not looked at; when failures are many over all, there is one try a second for all strangers together.
 */
export async function waitInFlood(deps: FloodDeps, tried: Tried, traceId: string): Promise<number | undefined> {
  const { database, vault, floodLimits } = deps;
  const counts = await countFlood(database, tried, FLOOD_WINDOW_MINUTES, floodLimits.namesOfOnePasswordMax);
  const flood = floodOf(counts, floodLimits);
  if (flood === undefined) return undefined;
  await tell(deps, flood, flood === 'one-password' ? tried.passwordHash : Buffer.of(), traceId);
  if (flood === 'many-failures') {
    const turn = await bookAttempt(database, vault.index('sign-in-pace', 'all'), [FLOOD_PACE_SECONDS], WINDOW_SECONDS);
    if (turn.code === 'allowed') return undefined;
  }
  deps.countTurnedAway(flood);
  return flood === 'one-password' ? WINDOW_SECONDS : FLOOD_PACE_SECONDS;
}

/** Counts a wrong password that came from a browser that is not known. */
export function countWrongPassword(tx: Tx, tried: Tried): Promise<void> {
  return noteWrongPassword(tx, tried);
}

async function tell({ database, record, logger }: FloodDeps, flood: Flood, subject: Buffer, traceId: string) {
  await database.transaction(async (tx) => {
    if (!(await tellOfFlood(tx, flood, subject, FLOOD_WINDOW_MINUTES))) return;
    const actor = { subject: NOBODY, roles: [], traceId };
    await record(tx, [audited(actor, 'users.sign-in-flood', SIGN_IN, flood)]);
    logger.error({ flood }, 'sign-ins come in a flood of wrong passwords: strangers have to wait');
  });
}
