/** Where a journal was found. */
export interface Found<Journal extends { readonly id: string }> {
  readonly place: string;
  readonly journal: Journal;
  /** Just above it: reading from there finds it again, and nothing newer. */
  readonly above: string;
  /** It stands on the walk of another shard as well, and is shown from there. */
  readonly isElsewhere: boolean;
}

/** What one shard has for a page. */
export interface FoundStretch<Journal extends { readonly id: string }> {
  /** In the order of the shard's own walk, newest first. */
  readonly found: readonly Found<Journal>[];
  /** The last that was looked at, found or not; null when the shard has no more. */
  readonly lookedTo: { readonly place: string; readonly journalId: string } | null;
}

/** One page of all shards. */
export interface MergedPage<Journal> {
  readonly journals: readonly Journal[];
  /** Where each shard goes on; null where there is no more. */
  readonly cursors: readonly (string | null)[];
}

/**
 * The newest journals of the stretches of several shards, by their ids, each shard in its own order. Nothing is shown that
 * is older than what another shard has not looked at yet; so pages follow one another from the newest back, and as the
 * shard that looked least far back never waits, each page gets on.
 */
export function mergeStretches<Journal extends { readonly id: string }>(
  stretches: readonly FoundStretch<Journal>[],
  limit: number,
): MergedPage<Journal> {
  const taken = stretches.map(() => 0);
  const journals: Journal[] = [];
  while (journals.length < limit) {
    const shard = newestHead(stretches, taken);
    if (shard === undefined) break;
    const next = headOf(stretches, taken, shard);
    if (next !== undefined && !next.isElsewhere) journals.push(next.journal);
    taken[shard] = (taken[shard] ?? 0) + 1;
  }
  return { journals, cursors: stretches.map((stretch, shard) => cursorOf(stretch, taken[shard] ?? 0)) };
}

type Stretches<Journal extends { readonly id: string }> = readonly FoundStretch<Journal>[];

function headOf<Journal extends { readonly id: string }>(
  stretches: Stretches<Journal>,
  taken: readonly number[],
  shard: number,
): Found<Journal> | undefined {
  return stretches[shard]?.found[taken[shard] ?? 0];
}

/** The shard whose next journal is the newest of those that need not wait. */
function newestHead<Journal extends { readonly id: string }>(
  stretches: Stretches<Journal>,
  taken: readonly number[],
): number | undefined {
  const leastFar = leastFarBack(stretches);
  let newest: { readonly shard: number; readonly id: string } | undefined;
  for (const shard of stretches.keys()) {
    const id = headOf(stretches, taken, shard)?.journal.id;
    if (id === undefined || (newest !== undefined && id <= newest.id)) continue;
    if (leastFar === undefined || shard === leastFar.shard || id >= leastFar.id) newest = { shard, id };
  }
  return newest?.shard;
}

/** The shard that looked least far back of those that have more. */
function leastFarBack(stretches: Stretches<{ readonly id: string }>) {
  let leastFar: { readonly shard: number; readonly id: string } | undefined;
  for (const [shard, { lookedTo }] of stretches.entries()) {
    if (lookedTo === null) continue;
    if (leastFar === undefined || lookedTo.journalId > leastFar.id) leastFar = { shard, id: lookedTo.journalId };
  }
  return leastFar;
}

function cursorOf({ found, lookedTo }: FoundStretch<{ readonly id: string }>, taken: number): string | null {
  if (taken === found.length) return lookedTo?.place ?? null;
  return found[taken - 1]?.place ?? found[0]?.above ?? null;
}
