import { fail, ok } from '@florin/primitives';
import {
  createCoordinator,
  decisionLog,
  type LocalParticipant,
  localParticipant,
  resolveInDoubt,
} from '@florin/two-phase-commit';
import { book, type What } from './books.ts';
import { logger, metrics, type OpenDesk, openSide } from './desk.ts';

interface Work {
  readonly what: What;
  readonly refused: boolean;
}

const RESOLVE_EVERY_MS = 100;

/** One process is the coordinator and speaks to both databases; its log is at the payer's side. */
export const openTwoPhaseDesk: OpenDesk = async ({ payerUrl, payeeUrl, guarded }, at) => {
  const participantOf = (name: string, url: string): LocalParticipant<Work, 'refused'> =>
    localParticipant<Work, 'refused'>({
      name,
      url,
      async perform(tx, { what, refused }, gid) {
        if (refused) return fail('refused');
        await book(tx, gid, what);
        at('before-prepare-transaction');
        return ok(undefined);
      },
    });
  const locals = [participantOf('payer', payerUrl), participantOf('payee', payeeUrl)];
  const participants = new Map(locals.map((one) => [one.name, one]));
  const decisions = decisionLog(openSide(payerUrl));
  const coordinator = createCoordinator<Work, 'refused'>({ decisions, participants, logger, metrics, at });
  const ends = new Map<string, 'done' | 'undone'>();
  const resolve = async () => {
    const deps = { participants, decisionsFor: () => decisions, logs: [decisions], logger, metrics, graceMs: 300 };
    await resolveInDoubt(deps).catch(() => undefined);
    setTimeout(resolve, RESOLVE_EVERY_MS);
  };
  if (guarded) void resolve();

  return {
    async begin(transfer, refused) {
      const work = new Map<string, Work>([
        ['payer', { what: 'debit', refused: false }],
        ['payee', { what: 'receive', refused }],
      ]);
      const outcome = await coordinator.run(transfer, work);
      if (outcome.status !== 'in-doubt') ends.set(transfer, outcome.status === 'committed' ? 'done' : 'undone');
    },
    async standing(transfer) {
      const prepared = (await Promise.all(locals.map((one) => one.listPrepared()))).flat();
      return { end: prepared.length === 0 ? ends.get(transfer) : undefined, complaints: [] };
    },
  };
};

/** Where a branch may end before its promise. */
export const BRANCH_POINTS = ['before-prepare-transaction'] as const;
