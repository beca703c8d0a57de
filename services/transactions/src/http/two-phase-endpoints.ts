import { IN_DOUBT_MAX, listInDoubt, listTwoPhaseAttention } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import type { Decision, InDoubt } from '@florin/two-phase-commit';

/** What there is to be seen of transfers that are made in two shards at once; at most so many, the oldest first. */
export interface TwoPhaseBooks {
  inDoubt(limit: number): Promise<readonly InDoubt[]>;
  attention(limit: number): Promise<readonly Decision[]>;
}

/** Staff look; what is in doubt ends by its coordinator's log and never by hand. */
export function twoPhaseEndpoints(books: TwoPhaseBooks): readonly Endpoint[] {
  return [
    endpoint(listInDoubt, async () => {
      const found = await books.inDoubt(IN_DOUBT_MAX);
      return { status: 200, body: { data: found.map(presentInDoubt) } };
    }),
    endpoint(listTwoPhaseAttention, async () => {
      const found = await books.attention(IN_DOUBT_MAX);
      return { status: 200, body: { data: found.map(presentDecision) } };
    }),
  ];
}

function presentInDoubt({ name, gid, branch, database, preparedAt, ageMs, logSays }: InDoubt) {
  return {
    name,
    gid: gid ?? null,
    shard: branch ?? null,
    database,
    preparedAt: preparedAt.toISOString(),
    // The clock of the database may be set back.
    ageMs: Math.max(0, Math.round(ageMs)),
    logSays,
  };
}

function presentDecision({ gid, outcome, branches, decidedAt, attention }: Decision) {
  return { gid, outcome, shards: branches, decidedAt: decidedAt.toISOString(), attention: attention ?? '' };
}
