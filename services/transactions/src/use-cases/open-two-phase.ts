import type { Logger, Metrics } from '@florin/observability';
import type { Chore } from '@florin/primitives';
import {
  checkTwoPhaseSettings,
  createCoordinator,
  type Decision,
  decisionLog,
  listInDoubt,
  localParticipant,
  purgeTwoPhase,
  resolveInDoubt,
} from '@florin/two-phase-commit';
import type { Shards } from './shards.ts';
import { type BranchDeps, type BranchRefusal, performBranch, type TransferBranch } from './transfer-branches.ts';

export interface TwoPhaseParts {
  readonly shards: Shards;
  readonly branch: BranchDeps;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Who commits a transfer in two shards at once. One shard alone has nothing to agree on with anybody. */
export async function openTwoPhase(urls: readonly string[], { shards, branch, logger, metrics }: TwoPhaseParts) {
  if (urls.length > 1) await Promise.all(shards.all.map(({ db }) => checkTwoPhaseSettings(db)));
  const locals = urls.map((url, index) =>
    localParticipant<TransferBranch, BranchRefusal>({
      name: branchOf(index),
      url,
      perform: (tx, work) => performBranch(branch, tx, work),
    }),
  );
  const participants = new Map(locals.map((participant) => [participant.name, participant]));
  const logs = shards.all.map(({ db }) => decisionLog(db));
  const coordinators = logs.map((decisions) => createCoordinator({ decisions, participants, logger, metrics }));
  const decisionsFor = (gid: string) => logs[shards.ofId(gid).index];
  const chores: Chore[] = [
    {
      name: 'resolve-in-doubt',
      everyMs: 2_000,
      run: () => resolveInDoubt({ participants, decisionsFor, logs, logger, metrics }),
    },
    {
      name: 'purge-two-phase',
      everyMs: 600_000,
      run: () => Promise.all(shards.all.map(({ db }) => purgeTwoPhase(db))),
    },
  ];
  return {
    books: {
      inDoubt: async (limit: number) => (await listInDoubt(participants, decisionsFor)).slice(0, limit),
      async attention(limit: number): Promise<Decision[]> {
        const found = (await Promise.all(logs.map((log) => log.listAttention(limit)))).flat();
        return found.sort((a, b) => a.decidedAt.getTime() - b.decidedAt.getTime()).slice(0, limit);
      },
    },
    desk: { branchOf, coordinatorOf: (shard: number) => coordinators[shard] as (typeof coordinators)[number] },
    chores: urls.length === 1 ? [] : chores,
    close: () => Promise.all(locals.map((participant) => participant.close())),
  };
}

/** Prepared transactions carry it, so it is the same for ever. */
function branchOf(shard: number): string {
  return `shard-${shard}`;
}
