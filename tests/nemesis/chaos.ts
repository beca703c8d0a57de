import { setTimeout as sleep } from 'node:timers/promises';
import { invariant } from '@florin/primitives';
import { DEMO_BUSINESSES, DEMO_CUSTOMERS, DEMO_PEOPLE } from '../../tools/demo-people.ts';
import { Random } from '../simulation/kernel/random.ts';
import { openBooks, readFinalBooks } from './books.ts';
import { checkHistory, type Finding } from './checker.ts';
import { startClients } from './clients.ts';
import { SIDES, type StackFault } from './faults.ts';
import { type ClientAccount, type History, openHistory } from './history.ts';
import { waitForQuiet } from './quiescence.ts';
import { drawRounds, type Round } from './schedule.ts';
import { openSignedIn, type SignedIn } from './signed-in.ts';
import type { Stage } from './stage.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly runMs: number;
  readonly faults: readonly StackFault[];
  /** Off for the control, which must end red. */
  readonly isIdempotent: boolean;
  readonly historyFile: string;
  /** No further fault is begun. */
  readonly isOver?: () => boolean;
  say(line: string): void;
}

export interface ChaosReport {
  readonly findings: readonly Finding[];
  readonly history: History;
  /** What was done to the bank, in its order. */
  readonly faults: readonly string[];
  readonly quietAfterMs: number;
}

const CUSTOMERS_PER_SHARD = 4;
const CURRENCIES = ['EUR', 'EUR', 'USD'] as const;
const OPENING_MINOR = 1_500;

/**
 * Lets clients move money while a nemesis does its worst, puts everything right, waits until all is quiet, and holds the history
 * and the books to what the bank promises. Throws when a fault could not be put right.
 */
export async function runChaos(stage: Stage, options: ChaosOptions): Promise<ChaosReport> {
  const history = openHistory(options.historyFile, () => performance.now());
  const people = openSignedIn({ url: stage.publicUrl, home: stage.home });
  try {
    for (const login of ['tessa', 'sam']) await people.renew(login);
    const accounts = await openAccounts(people);
    for (const account of accounts) history.add({ type: 'account', account });
    const random = new Random(options.seed);
    const { isIdempotent } = options;
    const clients = startClients({ people, accounts, history, random: new Random(options.seed + 1), isIdempotent });
    const faults = await doHarm(stage, options, history, random);
    await clients.stop();
    const quietFromMs = performance.now();
    const unquiet = await waitForQuiet(stage);
    const quietAfterMs = performance.now() - quietFromMs;
    const findings = [...unquiet, ...(await proveBooks(people)), ...(await check(stage, history))];
    return { findings, history, faults, quietAfterMs };
  } finally {
    people.close();
    history.flush();
  }
}

/** One round of faults after the other until the time is over. What was begun is put right, whatever happens. */
async function doHarm(stage: Stage, options: ChaosOptions, history: History, random: Random): Promise<string[]> {
  const done: string[] = [];
  const endAtMs = performance.now() + options.runMs;
  for (const round of drawRounds(options.faults, random)) {
    await sleep(round.calmMs);
    if (performance.now() >= endAtMs || options.isOver?.() === true) return done;
    const names = round.faults.map(({ name }) => name);
    options.say(
      `${((options.runMs - endAtMs + performance.now()) / 1_000).toFixed(0).padStart(5)} s  ${names.join(', and ')}`,
    );
    await goThrough(stage, round, history);
    done.push(...names);
    history.flush();
  }
  return done;
}

async function goThrough(stage: Stage, { faults, holdMs }: Round<StackFault>, history: History): Promise<void> {
  const inOrder = faults.toSorted((one, other) => SIDES.indexOf(one.side) - SIDES.indexOf(other.side));
  const begun: StackFault[] = [];
  try {
    for (const fault of inOrder) {
      history.add({ type: 'fault', name: fault.name, what: 'begins' });
      begun.push(fault);
      await fault.begin(stage);
    }
    await sleep(holdMs);
  } finally {
    for (const fault of begun) {
      await fault.heal(stage);
      history.add({ type: 'fault', name: fault.name, what: 'is healed' });
    }
  }
}

/** Accounts of customers in both shards, with little in them: they run out all the time. */
async function openAccounts(people: SignedIn): Promise<readonly ClientAccount[]> {
  const customers = [...DEMO_PEOPLE, ...DEMO_CUSTOMERS, ...DEMO_BUSINESSES].filter(({ roles }) =>
    roles.includes('customer'),
  );
  const shards = new Map<number, string[]>([
    [0, []],
    [1, []],
  ]);
  const accounts: ClientAccount[] = [];
  for (const { login } of customers) {
    if ([...shards.values()].every(({ length }) => length >= CUSTOMERS_PER_SHARD)) break;
    await people.renew(login);
    const opened = [];
    for (const currency of CURRENCIES) opened.push(await openAccount(people, login, currency));
    shards.get(shardOf(opened[0]?.id ?? ''))?.push(login);
    accounts.push(...opened);
  }
  invariant(
    [...shards.values()].every(({ length }) => length > 0),
    'there are customers in both shards',
  );
  return accounts;
}

async function openAccount(people: SignedIn, owner: string, currency: string): Promise<ClientAccount> {
  const opened = await people
    .clientOf(owner)
    .post('/v1/accounts', { productCode: `current-${currency.toLowerCase()}` });
  invariant(opened.status === 201, `${owner} opens an account: ${JSON.stringify(opened.body)}`);
  const id = String(opened.body['id']);
  const amount = { amount: (OPENING_MINOR / 100).toFixed(2), currency };
  const paid = await people.clientOf('tessa').post('/v1/deposits', { accountId: id, amount });
  invariant(paid.status === 201, `tessa pays in: ${JSON.stringify(paid.body)}`);
  return { id, owner, currency, openingMinor: OPENING_MINOR };
}

/** Which of the two shards an account is in: its bucket stands in its id. */
function shardOf(id: string): number {
  return Number.parseInt(id.slice(16, 18), 16) < 128 ? 0 : 1;
}

/** The bank proves its books itself: journals sum to zero, balances are the sums of their postings. */
async function proveBooks(people: SignedIn): Promise<readonly Finding[]> {
  await people.renew('sam');
  const { status, body } = await people.clientOf('sam').post('/v1/ledger/reconciliations', { mode: 'full' });
  if (status === 200 && body['balanced'] === true) return [];
  return [
    { invariant: 'total changed', subject: 'the proof of the books', detail: `${status} ${JSON.stringify(body)}` },
  ];
}

async function check(stage: Stage, history: History): Promise<readonly Finding[]> {
  const books = openBooks(stage);
  try {
    const opened = history.events.flatMap((event) => (event.type === 'account' ? [event.account.id] : []));
    return checkHistory(history.events, await readFinalBooks(books, opened));
  } finally {
    await books.close();
  }
}
