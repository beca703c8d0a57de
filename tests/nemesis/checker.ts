import type { ClientAccount, HistoryEvent, WantedTransfer } from './history.ts';

/** A journal of the clients' transfers as the books have it: of a transfer between two shards, one half. */
export interface BookedJournal {
  readonly shard: number;
  readonly id: string;
  readonly reference: string;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly minor: number;
  readonly currency: string;
}

/** An account as the ledger has it. */
export interface BookedAccount {
  readonly id: string;
  readonly shard: number;
  readonly currency: string;
  readonly postedMinor: number;
  readonly heldMinor: number;
  readonly overdraftMinor: number;
}

/** The books when everything was quiet. */
export interface FinalBooks {
  readonly journals: readonly BookedJournal[];
  readonly accounts: readonly BookedAccount[];
}

/** Something that must not be. */
export interface Finding {
  readonly invariant:
    | 'lost'
    | 'doubled'
    | 'altered'
    | 'half'
    | 'refused and done'
    | 'unasked'
    | 'total changed'
    | 'wrong balance'
    | 'negative'
    | 'stale read'
    | 'odd answer'
    | 'not quiet';
  readonly subject: string;
  readonly detail: string;
}

/** Holds a history and the books at its end to what the bank promises. Pure: the same always finds the same. */
export function checkHistory(events: readonly HistoryEvent[], books: FinalBooks): readonly Finding[] {
  const accounts = events.flatMap((event) => (event.type === 'account' ? [event.account] : []));
  const operations = operationsOf(events);
  const booked = Map.groupBy(books.journals, ({ reference }) => reference);
  return [
    ...operations.flatMap((operation) => checkTransfer(operation, booked.get(operation.wanted.op) ?? [], books)),
    ...checkUnasked(operations, books),
    ...checkTotals(accounts, books),
    ...accounts.flatMap((account) => checkBalance(account, books)),
    ...checkReads(events),
    ...events.flatMap((event) =>
      event.type === 'odd' ? [finding('odd answer', `client ${event.client}`, event.what)] : [],
    ),
  ];
}

/** A transfer that was wanted, and all that its client was told. */
interface Operation {
  readonly wanted: WantedTransfer;
  readonly transferIds: ReadonlySet<string>;
  readonly isRefused: boolean;
}

function operationsOf(events: readonly HistoryEvent[]): readonly Operation[] {
  const operations = new Map<string, { wanted: WantedTransfer; transferIds: Set<string>; isRefused: boolean }>();
  for (const event of events) {
    if (event.type === 'invoke' && event.f === 'transfer') {
      operations.set(event.transfer.op, { wanted: event.transfer, transferIds: new Set(), isRefused: false });
    } else if (event.type === 'ok' && event.f === 'transfer') {
      operations.get(event.op)?.transferIds.add(event.transferId);
    } else if (event.type === 'fail') {
      const operation = operations.get(event.op);
      if (operation !== undefined) operation.isRefused = true;
    }
  }
  return [...operations.values()];
}

function checkTransfer(
  { wanted, transferIds, isRefused }: Operation,
  booked: readonly BookedJournal[],
  books: FinalBooks,
): Finding[] {
  const { op } = wanted;
  const ids = new Set(booked.map(({ id }) => id));
  const found: Finding[] = [];
  const lost = [...transferIds].filter((id) => !ids.has(id));
  if (lost.length > 0) found.push(finding('lost', op, `acknowledged as ${lost.join(', ')}, and not in the books`));
  const all = [...new Set([...ids, ...transferIds])];
  if (all.length > 1) found.push(finding('doubled', op, `is there as ${all.join(' and ')}`));
  if (isRefused && booked.length > 0) found.push(finding('refused and done', op, 'was refused, and is in the books'));
  for (const id of ids)
    found.push(
      ...checkHalves(
        wanted,
        booked.filter((journal) => journal.id === id),
        books,
      ),
    );
  return found;
}

/** Within a shard one journal; between two shards one in each, and both say the same as was asked. */
function checkHalves(wanted: WantedTransfer, journals: readonly BookedJournal[], { accounts }: FinalBooks): Finding[] {
  const shardOf = (id: string) => accounts.find((account) => account.id === id)?.shard;
  const shards = new Set([shardOf(wanted.fromAccountId), shardOf(wanted.toAccountId)]);
  const found: Finding[] = [];
  const seen = journals.map(({ shard }) => shard).sort();
  if (seen.join() !== [...shards].sort().join()) {
    found.push(
      finding('half', wanted.op, `belongs into shards ${[...shards].join(', ')}, and is in ${seen.join(', ')}`),
    );
  }
  for (const { shard, minor, currency, debitAccountId, creditAccountId } of journals) {
    const isSame =
      minor === wanted.minor &&
      currency === wanted.currency &&
      debitAccountId === wanted.fromAccountId &&
      creditAccountId === wanted.toAccountId;
    if (!isSame) found.push(finding('altered', wanted.op, `is in shard ${shard} as ${minor} ${currency}`));
  }
  return found;
}

function checkUnasked(operations: readonly Operation[], { journals }: FinalBooks): Finding[] {
  const known = new Set(operations.map(({ wanted }) => wanted.op));
  return journals
    .filter(({ reference }) => !known.has(reference))
    .map(({ id, reference }) => finding('unasked', reference, `nobody asked for ${id}`));
}

/** Money is neither made nor lost: what the clients have together is what was paid in, currency by currency. */
function checkTotals(opened: readonly ClientAccount[], { accounts }: FinalBooks): Finding[] {
  const currencies = [...new Set(opened.map(({ currency }) => currency))];
  return currencies.flatMap((currency) => {
    const mine = opened.filter((account) => account.currency === currency);
    const before = sum(mine.map(({ openingMinor }) => openingMinor));
    const ids = new Set(mine.map(({ id }) => id));
    const after = sum(accounts.filter(({ id }) => ids.has(id)).map(({ postedMinor }) => postedMinor));
    return before === after ? [] : [finding('total changed', currency, `was ${before} and is ${after}`)];
  });
}

/** What an account has follows from what was paid in and from its transfers in the books; and nothing is held or owed. */
function checkBalance({ id, openingMinor }: ClientAccount, { accounts, journals }: FinalBooks): Finding[] {
  const account = accounts.find((one) => one.id === id);
  if (account === undefined) return [finding('wrong balance', id, 'is not in the books')];
  const found: Finding[] = [];
  // Both halves of a transfer name both accounts; each moves the one in its own shard.
  const here = journals.filter(({ shard }) => shard === account.shard);
  const came = sum(here.filter((one) => one.creditAccountId === id).map(({ minor }) => minor));
  const went = sum(here.filter((one) => one.debitAccountId === id).map(({ minor }) => minor));
  const due = openingMinor + came - went;
  if (account.postedMinor !== due) {
    found.push(finding('wrong balance', id, `has ${account.postedMinor}, and its transfers make ${due}`));
  }
  if (account.heldMinor !== 0) found.push(finding('wrong balance', id, `${account.heldMinor} is still held`));
  const available = account.postedMinor - account.heldMinor + account.overdraftMinor;
  if (available < 0) found.push(finding('negative', id, `has ${available} available`));
  return found;
}

/** A client that was told of a version sees it, or a later one, in whatever it reads from then on. And nobody sees a minus. */
function checkReads(events: readonly HistoryEvent[]): Finding[] {
  const found: Finding[] = [];
  const payers = new Map<string, string>();
  const told = new Map<string, number>();
  /** What a client had been told when its read began; a client does one thing at a time. */
  const due = new Map<number, number>();
  for (const event of events) {
    if (event.type === 'invoke' && event.f === 'transfer') payers.set(event.transfer.op, event.transfer.fromAccountId);
    else if (event.type === 'ok' && event.f === 'transfer') {
      const view = `${event.client} ${payers.get(event.op)}`;
      told.set(view, Math.max(told.get(view) ?? 0, event.version ?? 0));
    } else if (event.type === 'invoke') {
      due.set(event.client, told.get(`${event.client} ${event.accountId}`) ?? 0);
    } else if (event.type === 'ok') {
      const { client, accountId, version, availableMinor, atMs } = event;
      const least = due.get(client) ?? 0;
      const subject = `client ${client}, account ${accountId}`;
      if (version < least) {
        found.push(
          finding('stale read', subject, `saw version ${version} at ${atMs} ms, and had been told of ${least}`),
        );
      }
      if (availableMinor < 0) found.push(finding('negative', subject, `saw ${availableMinor} at ${atMs} ms`));
    }
  }
  return found;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function finding(invariant: Finding['invariant'], subject: string, detail: string): Finding {
  return { invariant, subject, detail };
}
